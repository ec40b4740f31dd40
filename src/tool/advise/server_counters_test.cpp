// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/server_counters.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string_view>

namespace plumb::advise {
namespace {

CollectionCounters counted(std::initializer_list<std::string_view> documents) {
    CollectionCounters out;
    out.collection = "orders";
    for (const std::string_view document : documents) {
        add_collection_stats(*bson::from_json(document), out);
    }
    return out;
}

constexpr std::string_view kLatency =
    R"({"ns": "s.orders", "latencyStats": {"reads": {"latency": {"$numberLong": "342628"}, "ops": {"$numberLong": "57"}}, "writes": {"latency": {"$numberLong": "3"}, "ops": {"$numberLong": "25"}}}})";
constexpr std::string_view kScans =
    R"({"ns": "s.orders", "queryExecStats": {"collectionScans": {"total": {"$numberLong": "11"}, "nonTailable": {"$numberLong": "11"}}}})";

TEST(ServerCounters, AddsUpWhatTheMembersTell) {
    const CollectionCounters two = counted({kLatency, kScans, kLatency});
    EXPECT_EQ(two.reads, 114);
    EXPECT_EQ(two.writes, 50);
    EXPECT_EQ(two.scans, 11);
    EXPECT_FALSE(counted({kLatency}).scans) << "4.2 counts no scans";
    EXPECT_FALSE(counted({R"({"ns": "s.orders", "latencyStats": 3})"}).reads);
}

std::vector<AskedQuery> queries() {
    std::vector<AskedQuery> out;
    for (const auto& [label, operation] : {std::pair{"A", "find"},
                                           std::pair{"B", "count"},
                                           std::pair{"C", "update"},
                                           std::pair{"D", "find"}}) {
        AskedQuery query;
        query.label = label;
        query.shape.collection = "orders";
        query.shape.operation = operation;
        query.calls_a_minute = 1;
        out.push_back(std::move(query));
    }
    return out;
}

TEST(ServerCounters, ShareOutReadsAndWritesOverTheQueriesWithoutATime) {
    CollectionCounters counters = counted({kLatency});
    counters.minutes = 10;
    std::vector<AskedQuery> asked = queries();
    EXPECT_EQ(weigh_by_counters({counters}, {"A", "B", "C"}, asked), 3U);
    EXPECT_DOUBLE_EQ(asked[0].calls_a_minute, 2.85);
    EXPECT_DOUBLE_EQ(asked[1].calls_a_minute, 2.85);
    EXPECT_DOUBLE_EQ(asked[2].calls_a_minute, 2.5);
    EXPECT_DOUBLE_EQ(asked[3].calls_a_minute, 1);
}

TEST(ServerCounters, TakeTheUsesOfIndexesWhereNoReadsAreCounted) {
    CollectionCounters counters;
    counters.collection = "orders";
    counters.minutes = 5;
    counters.uses.by_index["a_1"] = {{"one:1", 20, 0, 0}, {"two:1", 10, 0, 0}};
    std::vector<AskedQuery> asked = queries();
    EXPECT_EQ(weigh_by_counters({counters}, {"A", "C"}, asked), 1U);
    EXPECT_DOUBLE_EQ(asked[0].calls_a_minute, 6);
    EXPECT_DOUBLE_EQ(asked[2].calls_a_minute, 1) << "an index tells nothing of writes";
}

}  // namespace
}  // namespace plumb::advise
