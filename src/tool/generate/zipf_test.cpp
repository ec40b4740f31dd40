// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/zipf.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumb::generate {
namespace {

TEST(ZipfWeight, IsTheRankToTheMinusOnePointOhFive) {
    for (const std::uint64_t rank : {1U, 2U, 3U, 10U, 999U, 18'000U, 2'000'000U}) {
        const double exact = std::pow(static_cast<double>(rank), -1.05);
        const double fixed = static_cast<double>(zipf_weight(rank)) * 0x1.0p-40;
        EXPECT_NEAR(fixed / exact, 1.0, 1e-5) << rank;
    }
}

TEST(ZipfBlocks, GivesEachThingToOneOwner) {
    const ZipfBlocks blocks{180, 1000};
    EXPECT_EQ(blocks.first(0), 0U);
    EXPECT_EQ(blocks.first(180), 1000U);
    for (std::uint64_t thing = 0; thing < 1000; ++thing) {
        const std::uint64_t rank = blocks.rank_of(thing);
        ASSERT_GE(thing, blocks.first(rank));
        ASSERT_LT(thing, blocks.first(rank + 1));
    }
}

TEST(ZipfBlocks, HalvesTheShareWhenTheRankDoubles) {
    const ZipfBlocks blocks{18'000, 10'000'000};
    const double first = static_cast<double>(blocks.count(0));
    EXPECT_NEAR(first / static_cast<double>(blocks.count(1)), std::pow(2.0, 1.05), 0.001);
    EXPECT_NEAR(first / static_cast<double>(blocks.count(99)), std::pow(100.0, 1.05), 1.0);
}

}  // namespace
}  // namespace plumb::generate
