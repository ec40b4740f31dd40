// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/plan_query.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::replan {
namespace {

struct Case {
    const char* given;
    const char* expect;  // "" : nothing to explain
};

TEST(PlanQuery, MakesTheCommandThatExplainTakes) {
    const Case cases[] = {
        {"{find: 'c', filter: {a: 1}, $db: 'shop', lsid: {id: 1}, readConcern: {}}",
         R"({"find":"c","filter":{"a":1}})"},
        {"{q: {a: 1}, u: {$set: {b: 2}}}",
         R"({"update":"c","updates":[{"q":{"a":1},"u":{"$set":{"b":2}}}]})"},
        {"{q: {a: 1}, limit: 1}", R"({"delete":"c","deletes":[{"q":{"a":1},"limit":1}]})"},
        {"{q: {a: 1}}", R"({"delete":"c","deletes":[{"q":{"a":1},"limit":0}]})"},
        {"{aggregate: 'c', pipeline: []}", R"({"aggregate":"c","pipeline":[],"cursor":{}})"},
        {"{aggregate: 'c', pipeline: [{$match: {}}, {$out: 'd'}]}", ""},
        {"{insert: 'c', documents: [{a: 1}]}", ""},
        {"{ping: 1}", ""},
        {"{}", ""},
    };
    for (const Case& each : cases) {
        const auto made = explainable_command("c", *bson::from_json(each.given));
        const std::string expect{each.expect};
        EXPECT_EQ(made ? bson::to_json(*made) : "",
                  expect.empty() ? "" : bson::to_json(*bson::from_json(expect)))
            << each.given;
    }
}

TEST(PlanQuery, KnowsWhatMayRunAgainAndAgain) {
    EXPECT_TRUE(only_reads(*bson::from_json("{count: 'c'}")));
    EXPECT_FALSE(only_reads(*bson::from_json("{update: 'c', updates: []}")));
    EXPECT_FALSE(only_reads(*bson::from_json("{findAndModify: 'c', remove: true}")));
    EXPECT_FALSE(only_reads(*bson::from_json("{aggregate: 'c', pipeline: [{$merge: 'd'}]}")));
}

}  // namespace
}  // namespace plumb::replan
