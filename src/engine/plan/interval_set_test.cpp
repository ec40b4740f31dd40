// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/interval_set.h"

#include "base/random.h"
#include "bson/compare.h"

#include <gtest/gtest.h>

namespace plumb::plan {
namespace {

bool holds(const IntervalSet& set, int value) {
    for (const Interval& interval : set) {
        const int low = bson::compare(interval.low, bson::Value{value});
        const int high = bson::compare(bson::Value{value}, interval.high);
        if ((low < 0 || (low == 0 && interval.low_inclusive)) &&
            (high < 0 || (high == 0 && interval.high_inclusive))) {
            return true;
        }
    }
    return false;
}

std::vector<Interval> random_intervals(Random& random) {
    std::vector<Interval> out;
    const std::uint64_t count = random.below(5);
    for (std::uint64_t at = 0; at < count; ++at) {
        out.push_back({.low = bson::Value{static_cast<int>(random.below(10))},
                       .high = bson::Value{static_cast<int>(random.below(10))},
                       .low_inclusive = random.chance(0.5),
                       .high_inclusive = random.chance(0.5)});
    }
    return out;
}

std::string text_of(const IntervalSet& set) {
    std::string out;
    for (const Interval& interval : set) {
        out += interval.to_text();
    }
    return out;
}

TEST(IntervalSet, OperationsAgreeWithMembership) {
    Random random{7};
    for (int round = 0; round < 5000; ++round) {
        const std::vector<Interval> left = random_intervals(random);
        const std::vector<Interval> right = random_intervals(random);
        const IntervalSet a = unite(left);
        const IntervalSet b = unite(right);
        const IntervalSet both = intersect(a, b);
        const IntervalSet rest = complement(a);
        for (int value = -1; value <= 10; ++value) {
            EXPECT_EQ(holds(a, value), holds(left, value)) << text_of(left) << value;
            EXPECT_EQ(holds(both, value), holds(a, value) && holds(b, value));
            EXPECT_EQ(holds(rest, value), !holds(a, value)) << text_of(a) << value;
        }
    }
}

TEST(IntervalSet, TouchingIntervalsBecomeOne) {
    const IntervalSet set =
        unite({{.low = bson::Value{1}, .high = bson::Value{2}, .high_inclusive = false},
               {.low = bson::Value{2}, .high = bson::Value{3}}});
    EXPECT_EQ(text_of(set), "[1, 3]");
}

}  // namespace
}  // namespace plumb::plan
