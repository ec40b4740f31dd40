// SPDX-License-Identifier: GPL-3.0-or-later
// What is read out of replies of currentOp and validate, and the queries inside a pipeline.
#include "bson/json.h"
#include "tool/verify/builds.h"
#include "tool/verify/inner_queries.h"
#include "tool/verify/validity.h"

#include <gtest/gtest.h>

namespace plumb::verify {
namespace {

TEST(Builds, AreThoseOfThisDatabase) {
    const auto reply = bson::from_json(
        "{inprog: [{command: {createIndexes: 'orders', $db: 'shop', indexes: [{name: 'a_1'}, "
        "{name: 'b_1'}]}, progress: {done: 30, total: 120}}, {command: {createIndexes: 'x', $db: "
        "'other', indexes: [{name: 'c_1'}]}}, {command: {find: 'orders'}}, {}, 7]}");
    ASSERT_TRUE(reply.ok());
    const std::vector<Build> builds = builds_in(*reply, "shop");
    ASSERT_EQ(builds.size(), 2U);
    EXPECT_EQ(builds[0].collection, "orders");
    EXPECT_EQ(builds[0].index, "a_1");
    EXPECT_EQ(builds[1].percent, 25);
    EXPECT_TRUE(builds_in(*bson::from_json("{inprog: 1}"), "shop").empty());
}

TEST(Validity, NamesTheBrokenIndex) {
    const Validity good =
        validity_in(*bson::from_json("{valid: true, nrecords: 7, nIndexes: 2, ok: 1}"));
    EXPECT_TRUE(good.valid);
    EXPECT_EQ(good.text, "7 documents, 2 indexes");
    const Validity bad = validity_in(*bson::from_json(
        "{valid: false, errors: ['one', 'two'], indexDetails: {a_1: {valid: true}, b_1: {valid: "
        "false}}}"));
    EXPECT_FALSE(bad.valid);
    EXPECT_EQ(bad.text, "one; two");
    EXPECT_EQ(bad.invalid, (std::vector<std::string>{"b_1"}));
    EXPECT_FALSE(validity_in(*bson::from_json("{ok: 1}")).valid);
}

TEST(InnerQueries, AreThoseOfLookups) {
    const auto command = bson::from_json(
        "{aggregate: 'orders', pipeline: [{$match: {a: 1}}, {$lookup: {from: 'users', localField: "
        "'u', foreignField: 'id', as: 'x'}}, {$facet: {one: [{$graphLookup: {from: 'parts', "
        "connectToField: 'up'}}]}}, {$lookup: {from: 'users', pipeline: []}}]}");
    ASSERT_TRUE(command.ok());
    const std::vector<bson::Document> inner = inner_queries(*command);
    ASSERT_EQ(inner.size(), 2U);
    EXPECT_EQ(bson::to_json(inner[0].view()),
              bson::to_json(*bson::from_json("{find: 'users', filter: {id: 'x'}}")));
    EXPECT_EQ(bson::to_json(inner[1].view()),
              bson::to_json(*bson::from_json("{find: 'parts', filter: {up: 'x'}}")));
    EXPECT_TRUE(inner_queries(*bson::from_json("{find: 'orders'}")).empty());
}

}  // namespace
}  // namespace plumb::verify
