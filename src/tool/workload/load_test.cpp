// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/workload/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb::workload {
namespace {

constexpr std::string_view kGood = R"(schema: 1
seed: 5
today: 2026-01-27
parameters:
  order: {sample: orders, misses: 0.1}
  today: {day: 0}
  month: {month: [-3, -1]}
  fresh: {copy: orders, fresh: {id: ord_}}
queries:
  - id: Q1
    title: history
    frequency: 12
    critical: true
    command: {find: orders, filter: {user_id: "{{order.user_id}}", day: "{{today}}"}}
    promise: {factor: [2, 4], before_ms: [100, 200]}
  - id: Q2
    frequency: 1
    commands:
      - {insert: orders, documents: ["{{fresh}}"]}
      - '{"update": "orders", "updates": [{"q": {"id": "{{order.id}}"}, "u": {"$set": {"n": 1}}}]}'
promises:
  - {name: CPU, kind: cpu, less_percent: [30, 50]}
  - {name: scale, kind: scale, documents_at_least: 100000}
)";

TEST(LoadWorkload, ReadsQueriesParametersAndPromises) {
    const auto workload = parse_workload(kGood, "w.yaml");
    ASSERT_TRUE(workload.ok()) << workload.error().message();
    ASSERT_EQ(workload->queries.size(), 2U);
    const Query& first = workload->queries[0];
    EXPECT_EQ(first.collection, "orders");
    EXPECT_TRUE(first.critical);
    EXPECT_FALSE(first.writes);
    EXPECT_EQ(first.position.line, 10);
    const Query& second = workload->queries[1];
    EXPECT_TRUE(second.writes);
    EXPECT_EQ(second.commands.size(), 2U);
    EXPECT_EQ(second.title, "Q2");
    EXPECT_THAT(workload->parameter("order")->fields, testing::ElementsAre("user_id", "id"));
    ASSERT_EQ(workload->promises.size(), 3U);
    EXPECT_EQ(workload->promises[0].rows, std::vector<std::string>{"Q1"});
    EXPECT_EQ(workload->promises[0].before_ms->high, 200);
    EXPECT_EQ(workload->promises[1].kind, PromiseKind::Cpu);
    EXPECT_EQ(workload->promises[2].kind, PromiseKind::Scale);
    EXPECT_EQ(workload->promises[2].range.low, 100'000);
}

struct BadCase {
    const char* name;
    std::string_view from;  // a part of kGood …
    std::string_view to;    // … and what stands in its place
    const char* error;
};

class LoadWorkloadErrors : public testing::TestWithParam<BadCase> {};

TEST_P(LoadWorkloadErrors, NameThePlace) {
    const BadCase& bad = GetParam();
    std::string text{kGood};
    const std::size_t at = text.find(bad.from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, bad.from.size(), bad.to);
    const auto workload = parse_workload(text, "w.yaml");
    ASSERT_FALSE(workload.ok());
    EXPECT_EQ(workload.error().code(), ErrorCode::ProjectFileInvalid);
    EXPECT_THAT(workload.error().message(), testing::HasSubstr(bad.error));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    LoadWorkloadErrors,
    testing::Values(
        BadCase{"schema", "schema: 1", "schema: 2", "w.yaml:1:9: schema 2"},
        BadCase{"today", "2026-01-27", "2026-13-27", "w.yaml:3:8: "},
        BadCase{"unknown_key", "title: history", "titel: history", "w.yaml:11:5: "},
        BadCase{
            "unknown_parameter", "{{today}}", "{{tomorrow}}", "no parameter is named \"tomorrow\""},
        BadCase{"member_missing", "{{order.user_id}}", "{{order}}", "needs a member"},
        BadCase{"member_too_many", "{{today}}", "{{today.first}}", "has no members"},
        BadCase{"no_verb", "{find: orders,", "{drop: orders,", "begins with one of"},
        BadCase{"frequency", "frequency: 12", "frequency: 0", "w.yaml:12:16: a frequency"},
        BadCase{"frequency_missing", "    frequency: 12\n", "", "w.yaml:10:"},
        BadCase{"range", "[2, 4]", "[4, 2]", "w.yaml:15:23: a range"},
        BadCase{"kind", "kind: cpu", "kind: cups", "no kind of promise"},
        BadCase{"month", "[-3, -1]", "[-1, -3]", "w.yaml:7:18: -1 is after -3"},
        BadCase{"source", "{day: 0}", "{daily: 0}", "w.yaml:6:10: parameter \"today\" needs"},
        BadCase{"twice", "id: Q2", "id: Q1", "w.yaml:16:9: query Q1 is there twice"},
        BadCase{"bad_json", R"("u": {)", R"("u": [)", "w.yaml:20:"},
        BadCase{"misses", "misses: 0.1", "misses: 2", "misses is a share"}),
    [](const auto& bad) { return bad.param.name; });

}  // namespace
}  // namespace plumb::workload
