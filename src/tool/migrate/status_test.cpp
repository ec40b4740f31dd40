// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/status.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

project::MigrationFile file(int version, const std::string& field = "a") {
    const std::string yaml =
        "version: " + std::to_string(version) +
        "\nname: x\nup:\n  - create_indexes: {collection: c, indexes: [{key: {" + field + ": 1}}]}";
    const auto root = project::parse_yaml(yaml, "x.yaml");
    return *project::read_migration(*root, "x.yaml");
}

Record record(int version, State state, const std::string& event = "applied") {
    Record out = new_record(file(version));
    out.state = state;
    bson::Builder entry;
    entry.append("event", event);
    out.events.push_back(entry.finish());
    return out;
}

TEST(Status, ReportsEditedDeletedLateAndUnfinished) {
    const std::vector<project::MigrationFile> files{file(1, "b"), file(2), file(4), file(5)};
    const std::vector<Record> records{record(1, State::Applied),
                                      record(3, State::Applied),
                                      record(4, State::Applied),
                                      record(5, State::Failed)};
    const auto rows = compare(files, records);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_NE(rows[0].problem.find("edited"), std::string::npos);
    EXPECT_NE(rows[1].problem.find("late"), std::string::npos);
    EXPECT_NE(rows[2].problem.find("gone"), std::string::npos);
    EXPECT_EQ(rows[3].problem, "");
    EXPECT_NE(rows[4].problem.find("repair"), std::string::npos);
    const auto up = pending(rows, {});
    ASSERT_EQ(up.size(), 2U);
    EXPECT_EQ(up.front()->version, 2);
}

TEST(Status, GoesOnWithARunThatDidNotEnd) {
    const std::vector<project::MigrationFile> files{file(1), file(2)};
    const std::vector<Record> records{record(1, State::Applying)};
    const auto rows = compare(files, records);
    EXPECT_NE(rows[0].problem.find("did not end"), std::string::npos);
    const auto up = pending(rows, 1);
    ASSERT_EQ(up.size(), 1U);
    EXPECT_EQ(up.front()->version, 1);
}

TEST(Status, ABaselineNeedsNoFileAndHasNoWayBack) {
    const std::vector<Record> records{record(1, State::Applied, "baseline"),
                                      record(2, State::Applied)};
    const auto rows = compare({}, records);
    EXPECT_TRUE(rows[0].baseline);
    EXPECT_EQ(rows[0].problem, "");
    EXPECT_FALSE(rows[1].baseline);
    EXPECT_EQ(to_revert(rows, DownTo::All, 0), std::vector<int>{2});
}

TEST(Status, GoesBackAsFarAsItIsTold) {
    const std::vector<Record> records{record(1, State::Applied),
                                      record(2, State::RolledBack),
                                      record(3, State::Applied),
                                      record(4, State::Failed)};
    const auto rows = compare({}, records);
    EXPECT_EQ(to_revert(rows, DownTo::Last, 0), std::vector<int>{4});
    EXPECT_EQ(to_revert(rows, DownTo::Version, 1), (std::vector<int>{4, 3}));
    EXPECT_EQ(to_revert(rows, DownTo::All, 0), (std::vector<int>{4, 3, 1}));
}

Record applied_at(int version, std::int64_t ms, State state = State::Applied) {
    Record out = record(version, state);
    out.started_ms = ms;
    return out;
}

TEST(Status, GoesBackInTheReverseOrderOfTimeAndNotOfNumbers) {
    const std::vector<Record> records{applied_at(1, 10),
                                      applied_at(2, 15, State::RolledBack),
                                      applied_at(3, 40),
                                      applied_at(4, 50),
                                      applied_at(7, 30, State::Failed)};
    const auto rows = compare({}, records);
    EXPECT_EQ(to_revert(rows, DownTo::Last, 0), std::vector<int>{4});
    EXPECT_EQ(to_revert(rows, DownTo::All, 0), (std::vector<int>{4, 3, 7, 1}));
    EXPECT_EQ(to_revert(rows, DownTo::Version, 3), (std::vector<int>{4, 7}));
    EXPECT_EQ(applied_after(records, 7), (std::vector<int>{4, 3}));
    EXPECT_EQ(applied_after(records, 4), std::vector<int>{});
    EXPECT_NE(rows.back().problem.find("taking it back failed"), std::string::npos);
}

}  // namespace
}  // namespace plumb::migrate
