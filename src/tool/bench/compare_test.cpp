// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/compare.h"

#include "tool/bench/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

constexpr std::string_view kWorkload = R"(schema: 1
queries:
  - {id: Q1, frequency: 10, command: {find: users, filter: {id: 1}}, promise: {factor: [2, 4]}}
  - {id: Q2, frequency: 1, command: {insert: users, documents: [{id: 2}]}}
promises:
  - {name: CPU, kind: cpu, less_percent: [30, 50]}
  - {name: network, kind: network, less_percent: [40, 60]}
  - {name: writes, kind: write_cost, slower_percent: [0, 5], rows: [Q2]}
  - {name: each, kind: index_size, megabytes: [1, 5]}
  - {name: all, kind: indexes_size, megabytes: [10, 50]}
)";

Row row(const char* id, double p50, double cpu, double bytes) {
    Row out;
    out.id = id;
    out.collection = "users";
    out.frequency = id[1] == '1' ? 10 : 1;
    out.samples = 40;
    out.p50_ns = p50;
    out.kept_ns.assign(40, p50);
    out.server_cpu_ns = cpu;
    out.bytes_received = bytes;
    out.inserts_only = id[1] == '2';
    return out;
}

Recording recording(double p50, double insert_p50, double cpu, bool with_index) {
    Recording out;
    out.environment.seed = 1;
    out.rows = {row("Q1", p50, cpu, 500), row("Q2", insert_p50, 1000, 40)};
    CollectionInfo users{"users", 100, 1000, 2000, {{"_id_", "", "_id", 900, 0}}};
    if (with_index) {
        users.indexes.push_back({"id_1", "", "id", 6'000'000, 3});
    }
    out.collections = {users};
    return out;
}

class Compare : public testing::Test {
  protected:
    workload::Workload workload_ = *workload::parse_workload(kWorkload, "w.yaml");
    Comparison comparison_ =
        compare(recording(3e6, 1e5, 2e6, false), recording(1e6, 1.2e5, 1e6, true), workload_);
};

TEST_F(Compare, JudgesEachRow) {
    ASSERT_EQ(comparison_.rows.size(), 2U);
    EXPECT_DOUBLE_EQ(comparison_.rows[0].factor.point, 3);
    EXPECT_EQ(comparison_.rows[0].verdict, Verdict::Met);
    EXPECT_EQ(comparison_.rows[1].verdict, Verdict::NoPromise);
}

TEST_F(Compare, JudgesTheWhole) {
    ASSERT_EQ(comparison_.wholes.size(), 5U);
    EXPECT_EQ(comparison_.wholes[0].verdict, Verdict::Met) << comparison_.wholes[0].measured;
    EXPECT_EQ(comparison_.wholes[1].verdict, Verdict::NoDifference);
    EXPECT_EQ(comparison_.wholes[2].verdict, Verdict::Missed) << comparison_.wholes[2].measured;
    EXPECT_EQ(comparison_.wholes[3].verdict, Verdict::Missed) << comparison_.wholes[3].measured;
    EXPECT_EQ(comparison_.wholes[4].verdict, Verdict::Met) << comparison_.wholes[4].measured;
    EXPECT_TRUE(any_missed(comparison_));
}

TEST_F(Compare, CountsTheBytesOfTheCallsThatBothRunsMade) {
    Recording before = recording(3e6, 1e5, 2e6, false);
    Recording after = recording(1e6, 1.2e5, 1e6, true);
    before.rows[0].kept_bytes = {500, 500};
    after.rows[0].kept_bytes = {500, 500, 90'000};
    after.rows[0].bytes_received = 30'333;
    EXPECT_EQ(compare(before, after, workload_).wholes[1].verdict, Verdict::NoDifference);
}

TEST_F(Compare, TellsNewIndexesFromOldOnes) {
    ASSERT_EQ(comparison_.indexes.size(), 2U);
    EXPECT_FALSE(comparison_.indexes[0].is_new);
    EXPECT_TRUE(comparison_.indexes[1].is_new);
}

TEST_F(Compare, WarnsWhenTheTwoCannotBeCompared) {
    EXPECT_TRUE(comparison_.warnings.empty());
    Recording other = recording(1e6, 1e5, 1e6, true);
    other.environment.seed = 2;
    other.collections.front().documents = 101;
    EXPECT_EQ(compare(recording(3e6, 1e5, 2e6, false), other, workload_).warnings.size(), 2U);
}

TEST_F(Compare, ReportsARowThatCouldNotBeMeasured) {
    Recording after = recording(1e6, 1e5, 1e6, true);
    after.rows[0].error = "no such command";
    after.rows[0].kept_ns.clear();
    const Comparison comparison = compare(recording(3e6, 1e5, 2e6, false), after, workload_);
    EXPECT_EQ(comparison.rows[0].verdict, Verdict::NotMeasured);
    EXPECT_THAT(comparison.rows[0].reasons, testing::ElementsAre("no such command"));
}

TEST_F(Compare, PrintsEveryRowWithItsVerdict) {
    int verdicts = 0;
    for (const TableLine& line : comparison_table(comparison_)) {
        verdicts += line.has_verdict ? 1 : 0;
    }
    EXPECT_EQ(verdicts, 7);
}

constexpr std::string_view kConditions = R"(schema: 1
queries:
  - {id: Q1, frequency: 10, command: {find: users, filter: {id: 1}}, promise: {factor: [2, 4]}}
  - {id: Q2, frequency: 1, command: {insert: users, documents: [{id: 2}]}}
promises:
  - {name: writes, kind: write_cost, slower_percent: [0, 5], rows: [Q2]}
  - {name: memory, kind: memory, megabytes: [5, 20]}
  - {name: rollback, kind: rollback, minutes_at_most: 5}
  - {name: scale, kind: scale, documents_at_least: 100}
)";

class CompareConditions : public testing::Test {
  protected:
    Verdict verdict(std::size_t at, const WriteTrial* trial = nullptr) {
        return compare(before_, after_, workload_, trial).wholes[at].verdict;
    }
    workload::Workload workload_ = *workload::parse_workload(kConditions, "w.yaml");
    Recording before_ = recording(3e6, 1e5, 2e6, false);
    Recording after_ = recording(1e6, 1e5, 1e6, true);
};

TEST_F(CompareConditions, RollbackNeedsToBeMeasuredShortAndWithoutATrace) {
    EXPECT_EQ(verdict(2), Verdict::NotMeasured);
    after_.rollbacks = {{"003", 1200, "", "the ledger", false, false}};
    EXPECT_EQ(verdict(2), Verdict::Met);
    after_.rollbacks.push_back({"", 2000, "", "a rehearsal", true, false});
    EXPECT_EQ(verdict(2), Verdict::Missed);
    after_.rollbacks.back().data_untouched = true;
    EXPECT_EQ(verdict(2), Verdict::Met);
    after_.rollbacks.front().ms = 301'000;
    EXPECT_EQ(verdict(2), Verdict::Missed);
}

TEST_F(CompareConditions, ScaleIsMeasuredOrNot) {
    EXPECT_EQ(verdict(3), Verdict::Met);
    after_.collections.front().documents = 99;
    EXPECT_EQ(verdict(3), Verdict::NotMeasured);
}

TEST_F(CompareConditions, MemoryIsWhatTheServerTells) {
    EXPECT_EQ(verdict(1), Verdict::NotMeasured);
    after_.collections.front().indexes.back().cache_bytes = 6'000'000;
    EXPECT_EQ(verdict(1), Verdict::Met);
    after_.collections.front().indexes.back().cache_bytes = 26'000'000;
    EXPECT_EQ(verdict(1), Verdict::Missed);
}

TEST_F(CompareConditions, WritesAreJudgedByTheTrialWhereThereIsOne) {
    EXPECT_EQ(verdict(0), Verdict::Met);
    WriteRow insert{std::string{kInsert}, "", {}, ""};
    insert.levels = {{0, 480, 50e3, 60e3, 1e6, {}}, {1, 480, 60e3, 70e3, 1e6, {1.2, 1.15, 1.25}}};
    WriteTrial trial;
    trial.collections = {{"users", 100, {{"id_1", R"({"id": 1})", 9, 9, ""}}, {insert}}};
    EXPECT_EQ(verdict(0, &trial), Verdict::Missed);
    trial.collections[0].rows[0].levels[1].ratio = {1.2, 0.9, 1.6};
    EXPECT_EQ(verdict(0, &trial), Verdict::NoDifference);
    trial.collections[0].rows[0].levels[1].ratio = {1.03, 1.02, 1.04};
    EXPECT_EQ(verdict(0, &trial), Verdict::Met);
}

// Two runs of which nothing was changed, on a machine that became slower by a fifth in between.
TEST(CompareNoise, WhatMovesAllAlikeIsNoDifferenceOfOne) {
    const workload::Workload workload = *workload::parse_workload(kWorkload, "w.yaml");
    Recording before = recording(1e6, 1e5, 1e6, true);
    Recording after = recording(1.2e6, 1.2e5, 1.2e6, true);
    before.rows[0].plan = after.rows[0].plan = "IXSCAN id_1 → FETCH";
    const Comparison comparison = compare(before, after, workload);
    EXPECT_GT(comparison.noise, 0.2);
    EXPECT_EQ(comparison.rows[0].verdict, Verdict::NoDifference);
}

}  // namespace
}  // namespace plumb::bench
