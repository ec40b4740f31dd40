// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/bootstrap.h"

#include "base/random.h"

#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

// Uneven latencies around a centre, with a long tail.
std::vector<double> latencies(Random& random, double centre, std::size_t count) {
    std::vector<double> out;
    for (std::size_t index = 0; index < count; ++index) {
        const double noise = 0.8 + 0.4 * random.unit();
        out.push_back(centre * noise * (random.chance(0.02) ? 10 : 1));
    }
    return out;
}

TEST(Median, IsTheMiddle) {
    EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
    EXPECT_DOUBLE_EQ(median({4, 1, 2, 3}), 2.5);
    EXPECT_DOUBLE_EQ(median({7}), 7);
}

TEST(RatioOfMedians, CoversTheTrueRatioAboutAsOftenAsItSays) {
    Random random{11};
    int covered = 0;
    constexpr int kTrials = 100;
    for (int trial = 0; trial < kTrials; ++trial) {
        const Interval interval = ratio_of_medians(latencies(random, 300, 60),
                                                   latencies(random, 100, 60),
                                                   static_cast<std::uint64_t>(trial));
        covered += interval.low <= 3 && interval.high >= 3 ? 1 : 0;
    }
    EXPECT_GE(covered, 88);
}

TEST(RatioOfMedians, SpansOneWhenNothingChangedAndNotWhenItDid) {
    Random random{12};
    const auto same = latencies(random, 100, 80);
    EXPECT_TRUE(ratio_of_medians(same, latencies(random, 100, 80), 1).spans_one());
    EXPECT_FALSE(ratio_of_medians(same, latencies(random, 50, 80), 1).spans_one());
}

TEST(RatioOfMedians, IsTheSameForTheSameSeed) {
    Random random{13};
    const auto one = latencies(random, 100, 40);
    const auto two = latencies(random, 90, 40);
    EXPECT_EQ(ratio_of_medians(one, two, 3).low, ratio_of_medians(one, two, 3).low);
    EXPECT_NE(ratio_of_medians(one, two, 3).low, ratio_of_medians(one, two, 4).low);
}

TEST(RatioOfMedians, TakesSingleValues) {
    const Interval interval = ratio_of_medians({10}, {4}, 1);
    EXPECT_DOUBLE_EQ(interval.point, 2.5);
    EXPECT_DOUBLE_EQ(interval.low, 2.5);
}

}  // namespace
}  // namespace plumb::bench
