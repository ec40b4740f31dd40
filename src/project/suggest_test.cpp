// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/suggest.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::project {
namespace {

constexpr std::array<std::string_view, 5> kKnown{
    "collection", "create_indexes", "key", "unique", "up"};

TEST(Suggest, FindsTheNearestWord) {
    EXPECT_EQ(closest("uniqe", kKnown), "unique");
    EXPECT_EQ(closest("unqiue", kKnown), "unique");
    EXPECT_EQ(closest("create_index", kKnown), "create_indexes");
    EXPECT_EQ(closest("colection", kKnown), "collection");
    EXPECT_EQ(closest("keys", kKnown), "key");
}

TEST(Suggest, SaysNothingWhereNothingIsNear) {
    EXPECT_EQ(closest("sparse", kKnown), "");
    EXPECT_EQ(closest("", kKnown), "");
    EXPECT_EQ(closest(std::string(1000, 'x'), kKnown), "");
    EXPECT_EQ(did_you_mean("sparse", kKnown), "");
    EXPECT_EQ(did_you_mean("uniqe", kKnown), ", did you mean 'unique'?");
}

}  // namespace
}  // namespace plumb::project
