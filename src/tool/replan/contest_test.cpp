// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/contest.h"

#include "bson/json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace plumb::replan {
namespace {

std::string trial(std::string_view index, int returned, int works, int end) {
    return fmt::format(
        R"({{nReturned: {}, executionStages: {{stage: "FETCH", works: {}, isEOF: {},
             inputStage: {{stage: "IXSCAN", indexName: "{}"}}}}}})",
        returned,
        works,
        end,
        index);
}

bson::Document reply(const std::string& trials) {
    return *bson::from_json("{executionStats: {allPlansExecution: [" + trials + "]}}");
}

struct Case {
    const char* name;
    std::string trials;
    bool near_equal;
    bool tied;
};

TEST(Contest, SaysWhenAFewDocumentsDecide) {
    const Case cases[] = {
        {"no contest", trial("a", 50, 100, 0), false, false},
        {"a tie", trial("a", 50, 100, 0) + "," + trial("b", 50, 100, 0), true, true},
        {"within five per cent",
         trial("a", 100, 200, 0) + "," + trial("b", 96, 200, 0),
         true,
         false},
        {"beyond it", trial("a", 100, 200, 0) + "," + trial("b", 90, 200, 0), false, false},
        {"one came to its end",
         trial("a", 100, 200, 1) + "," + trial("b", 100, 200, 0),
         false,
         false},
        {"both did, with the same work",
         trial("a", 30, 31, 1) + "," + trial("b", 30, 31, 1),
         true,
         true},
        {"too cheap to matter", trial("a", 1, 2, 1) + "," + trial("b", 1, 2, 1), false, true},
        {"neither found anything", trial("a", 0, 900, 0) + "," + trial("b", 0, 900, 0), true, true},
    };
    for (const Case& each : cases) {
        const Contest contest = read_contest(reply(each.trials));
        EXPECT_EQ(contest.near_equal(0.05), each.near_equal) << each.name;
        EXPECT_EQ(contest.tied(), each.tied) << each.name;
    }
}

TEST(Contest, PutsTheBestFirst) {
    const Contest contest = read_contest(
        reply(trial("b", 10, 200, 0) + "," + trial("c", 5, 6, 1) + "," + trial("a", 90, 200, 0)));
    ASSERT_EQ(contest.trials.size(), 3U);
    EXPECT_EQ(contest.trials[0].plan, "c");
    EXPECT_EQ(contest.trials[1].plan, "a");
    EXPECT_EQ(contest.trials[2].plan, "b");
}

TEST(Contest, ReadsPipelinesAndShards) {
    const std::string stats = "{executionStats: {allPlansExecution: [" + trial("a", 1, 20, 0) +
                              "," + trial("b", 1, 20, 0) + "]}}";
    EXPECT_EQ(read_contest(*bson::from_json("{stages: [{$cursor: " + stats + "}]}")).trials.size(),
              2U);
    EXPECT_EQ(read_contest(*bson::from_json("{shards: {s1: " + stats + "}}")).trials.size(), 2U);
    const std::string by_shard =
        "{executionStats: {allPlansExecution: [{shardName: 's1', allPlans: [" +
        trial("a", 1, 20, 0) + "," + trial("b", 1, 20, 0) + "]}]}}";
    EXPECT_EQ(read_contest(*bson::from_json(by_shard)).trials.size(), 2U);
    EXPECT_TRUE(read_contest(*bson::from_json("{ok: 1, executionStats: 7}")).trials.empty());
}

}  // namespace
}  // namespace plumb::replan
