// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/plan_summary.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

struct Case {
    const char* name;
    std::string_view reply;
    const char* text;
    bool collection_scan;
    bool sorts_in_memory;
};

class SummarisePlan : public testing::TestWithParam<Case> {};

TEST_P(SummarisePlan, ReadsEveryForm) {
    const auto reply = bson::from_json(GetParam().reply);
    ASSERT_TRUE(reply.ok()) << reply.error().message();
    const PlanSummary summary = summarise_plan(*reply);
    EXPECT_EQ(summary.text, GetParam().text);
    EXPECT_EQ(summary.collection_scan, GetParam().collection_scan);
    EXPECT_EQ(summary.sorts_in_memory, GetParam().sorts_in_memory);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    SummarisePlan,
    testing::Values(
        Case{"scan",
             R"({"queryPlanner": {"winningPlan": {"stage": "COLLSCAN", "direction": "forward"}}})",
             "COLLSCAN",
             true,
             false},
        Case{"sorted_fetch",
             R"({"queryPlanner": {"winningPlan": {"stage": "SORT", "inputStage": {"stage":
                "SORT_KEY_GENERATOR", "inputStage": {"stage": "FETCH", "inputStage": {"stage":
                "IXSCAN", "indexName": "user_id_1"}}}}}})",
             "IXSCAN user_id_1 → FETCH → SORT",
             false,
             true},
        Case{"count",
             R"({"queryPlanner": {"winningPlan": {"stage": "COUNT", "inputStage": {"stage":
                "COUNT_SCAN", "indexName": "role_1"}}}})",
             "COUNT_SCAN role_1 → COUNT",
             false,
             false},
        Case{"merge",
             R"({"queryPlanner": {"winningPlan": {"stage": "LIMIT", "inputStage": {"stage":
                "FETCH", "inputStage": {"stage": "SORT_MERGE", "inputStages": [{"stage": "IXSCAN",
                "indexName": "a_1"}, {"stage": "IXSCAN", "indexName": "b_1"}]}}}}})",
             "(IXSCAN a_1, IXSCAN b_1) → SORT_MERGE → FETCH",
             false,
             false},
        Case{"aggregate",
             R"({"stages": [{"$cursor": {"queryPlanner": {"winningPlan": {"stage": "COLLSCAN"}}}},
                {"$group": {"_id": "$x"}}, {"$sort": {"_id": 1}}]})",
             "COLLSCAN → $group → $sort",
             true,
             false},
        Case{"sharded",
             R"({"queryPlanner": {"winningPlan": {"stage": "SHARD_MERGE", "shards": [{"shardName":
                "a", "winningPlan": {"stage": "FETCH", "inputStage": {"stage": "IXSCAN",
                "indexName": "id_1"}}}]}}})",
             "IXSCAN id_1 → FETCH",
             false,
             false},
        Case{"sharded_aggregate",
             R"({"shards": {"a": {"stages": [{"$cursor": {"queryPlanner": {"winningPlan": {"stage":
                "COLLSCAN"}}}}]}}})",
             "COLLSCAN",
             true,
             false},
        Case{"slot_based",
             R"({"queryPlanner": {"winningPlan": {"queryPlan": {"stage": "FETCH", "inputStage":
                {"stage": "IXSCAN", "indexName": "id_1"}}, "slotBasedPlan": {}}}})",
             "IXSCAN id_1 → FETCH",
             false,
             false},
        Case{"nothing", R"({"ok": 1})", "", false, false}),
    [](const auto& one) { return one.param.name; });

TEST(SummarisePlan, CountsWhatWasExamined) {
    const auto reply = bson::from_json(R"({"queryPlanner": {"winningPlan": {"stage": "COLLSCAN"}},
        "executionStats": {"totalKeysExamined": 3, "totalDocsExamined": {"$numberLong": "70"}}})");
    const PlanSummary summary = summarise_plan(*reply);
    EXPECT_TRUE(summary.executed);
    EXPECT_EQ(summary.keys_examined, 3);
    EXPECT_EQ(summary.docs_examined, 70);
}

}  // namespace
}  // namespace plumb::bench
