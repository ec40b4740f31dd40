// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/operations/replace_indexes.h"

#include "bson/json.h"
#include "tool/migrate/index/helper_index.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

project::IndexDefinition index_of(std::string_view server_form) {
    const auto parsed = bson::from_json(server_form);
    EXPECT_TRUE(parsed.ok());
    auto index = project::index_from_server(*parsed);
    EXPECT_TRUE(index.ok());
    return *std::move(index);
}

TEST(ReplaceIndexes, AStandInHasTheKeyAndOneFieldMoreAndKeepsTheFilter) {
    const auto covers =
        covers_of("orders",
                  {index_of(R"({"name": "s", "key": {"status": 1, "day": -1}, "unique": true,
                      "partialFilterExpression": {"day": {"$gt": "2026"}}})"),
                   index_of(R"({"name": "t", "key": {"at": 1}, "expireAfterSeconds": 60})")},
                  Cover::Forwards);
    ASSERT_EQ(covers.size(), 2U);
    EXPECT_EQ(covers[0].index.name, "_plumb_cover_s");
    EXPECT_EQ(bson::to_json(covers[0].index.key), R"({"status": 1, "day": -1, "_plumb_cover": 1})");
    EXPECT_TRUE(covers[0].index.partial.has_value());
    EXPECT_FALSE(covers[0].index.unique);
    EXPECT_FALSE(covers[1].index.expire_after.has_value());
}

TEST(ReplaceIndexes, StandInsOfTheTwoDirectionsDoNotMeet) {
    const std::vector<project::IndexDefinition> one{index_of(R"({"name": "s", "key": {"a": 1}})")};
    const auto forwards = covers_of("c", one, Cover::Forwards).front().index;
    const auto back = covers_of("c", one, Cover::Back).front().index;
    EXPECT_NE(forwards.name, back.name);
    EXPECT_FALSE(project::same_key(forwards.key, back.key));
}

TEST(ReplaceIndexes, WhatIsNoPlainKeyHasNoStandIn) {
    const auto covers =
        covers_of("c", {index_of(R"({"name": "h", "key": {"a": "hashed"}})")}, Cover::Forwards);
    EXPECT_TRUE(covers.empty());
}

TEST(ReplaceIndexes, NameAndKeyCanBeInTheWayTogether) {
    const std::vector<project::IndexDefinition> existing{
        index_of(R"({"name": "_id_", "key": {"_id": 1}})"),
        index_of(R"({"name": "mine", "key": {"a": 1}})"),
        index_of(R"({"name": "other", "key": {"b": 1}, "sparse": true})"),
        index_of(R"({"name": "third", "key": {"c": 1}})")};
    const auto steps = plan_indexes({index_of(R"({"name": "mine", "key": {"b": 1}})")}, existing);
    const auto found = in_the_way(steps, existing);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].name, "mine");
    EXPECT_EQ(found[1].name, "other");
}

TEST(HelperIndex, IsNamedByItsFields) {
    const HelperIndex helper = helper_index("orders", {"user_id", "delivery_date"});
    EXPECT_EQ(helper.index.name, "_plumb_helper_user_id_delivery_date");
    EXPECT_EQ(bson::to_json(helper.index.key), R"({"user_id": 1, "delivery_date": 1})");
}

}  // namespace
}  // namespace plumb::migrate
