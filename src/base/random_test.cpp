// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <gtest/gtest.h>

namespace plumb {
namespace {

// The first outputs of SplitMix64 for seed 1234567, as its authors publish them.
TEST(Random, IsSplitMix64) {
    Random random{1234567};
    EXPECT_EQ(random.next(), 6457827717110365317ULL);
    EXPECT_EQ(random.next(), 3203168211198807973ULL);
}

TEST(Random, StaysBelowItsBound) {
    Random random{1};
    for (int i = 0; i < 10'000; ++i) {
        EXPECT_LT(random.below(7), 7U);
        EXPECT_LT(random.unit(), 1.0);
    }
}

TEST(Random, StreamsOfOneSeedDiffer) {
    EXPECT_NE(Random::stream(1, 1).next(), Random::stream(1, 2).next());
    EXPECT_EQ(Random::stream(1, 1).next(), Random::stream(1, 1).next());
}

}  // namespace
}  // namespace plumb
