// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/permutation.h"

#include <gtest/gtest.h>

#include <vector>

namespace plumb::generate {
namespace {

TEST(Permutation, ReachesEachPlaceOnceAndBack) {
    for (const std::uint64_t count : {1U, 2U, 3U, 7U, 16U, 100U, 1000U, 4097U}) {
        const Permutation places{42, count};
        std::vector<bool> seen(count);
        for (std::uint64_t index = 0; index < count; ++index) {
            const std::uint64_t place = places.forward(index);
            ASSERT_LT(place, count);
            ASSERT_FALSE(seen[place]) << count << " " << index;
            seen[place] = true;
            ASSERT_EQ(places.inverse(place), index);
        }
    }
}

TEST(Permutation, ShufflesDifferentlyForAnotherSeed) {
    const Permutation one{1, 1000};
    const Permutation two{2, 1000};
    int same = 0;
    int fixed = 0;
    for (std::uint64_t index = 0; index < 1000; ++index) {
        same += one.forward(index) == two.forward(index) ? 1 : 0;
        fixed += one.forward(index) == index ? 1 : 0;
    }
    EXPECT_LT(same, 12);
    EXPECT_LT(fixed, 12);
}

}  // namespace
}  // namespace plumb::generate
