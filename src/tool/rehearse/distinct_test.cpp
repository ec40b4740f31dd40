// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/distinct.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <unordered_map>
#include <vector>

namespace plumb::rehearse {
namespace {

struct Drawn {
    Frequencies frequencies;
    double all = 0;
    double distinct = 0;
};

// `values` draws of numbers in [0, among), crowded towards 0 by `power`; a part of them is a
// sample.
Drawn draw(std::int64_t values, double among, double power, double share) {
    Random random{7};
    std::unordered_map<std::int64_t, std::int32_t> in_sample;
    std::unordered_map<std::int64_t, bool> in_half;
    std::unordered_map<std::int64_t, bool> in_all;
    for (std::int64_t at = 0; at < values; ++at) {
        const auto value = static_cast<std::int64_t>(among * std::pow(random.unit(), power));
        in_all[value] = true;
        if (random.chance(share)) {
            ++in_sample[value];
            if (random.chance(0.5)) {
                in_half[value] = true;
            }
        }
    }
    std::vector<std::int32_t> counts;
    counts.reserve(in_sample.size());
    for (const auto& [value, count] : in_sample) {
        counts.push_back(count);
    }
    return {frequencies_of(counts, static_cast<std::int64_t>(in_half.size())),
            static_cast<double>(values),
            static_cast<double>(in_all.size())};
}

TEST(Distinct, AllDifferentStaysAllDifferent) {
    Frequencies unique;
    unique.sampled = unique.distinct = unique.once = 2000;
    unique.distinct_in_half = 1000;
    const Estimate estimate = distinct_in_all(unique, 100'000);
    EXPECT_NEAR(estimate.value, 100'000, 1);
}

TEST(Distinct, FewValuesAreAllSeen) {
    const Drawn drawn = draw(100'000, 40, 1, 0.02);
    EXPECT_EQ(distinct_in_all(drawn.frequencies, drawn.all).value, drawn.distinct);
}

TEST(Distinct, EvenValuesAreEstimatedClosely) {
    const Drawn drawn = draw(200'000, 20'000, 1, 0.05);
    const Estimate estimate = distinct_in_all(drawn.frequencies, drawn.all);
    EXPECT_NEAR(estimate.value / drawn.distinct, 1, 0.1);
}

TEST(Distinct, CrowdedValuesLieWithinTheBars) {
    for (const double power : {2.0, 3.0}) {
        const Drawn drawn = draw(200'000, 40'000, power, 0.02);
        const Estimate estimate = distinct_in_all(drawn.frequencies, drawn.all);
        EXPECT_LE(estimate.low, drawn.distinct) << power;
        EXPECT_GE(estimate.high, drawn.distinct) << power;
        EXPECT_NEAR(estimate.value / drawn.distinct, 1, 0.35) << power;
    }
}

TEST(Distinct, AWholeCollectionIsCounted) {
    Frequencies all;
    all.sampled = 50;
    all.distinct = all.once = 50;
    EXPECT_TRUE(distinct_in_all(all, 50).is_exact());
}

}  // namespace
}  // namespace plumb::rehearse
