// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/strategy.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

Result<Strategy> read(std::string_view yaml) {
    PLUMB_TRY(root, parse_yaml(yaml, "strategy.yaml"));
    return read_strategy(root);
}

TEST(Strategy, ReadsIndexesWithTheirReasons) {
    const auto strategy = read(R"(
title: t
indexes:
  - collection: users
    key: {email: 1}
    unique: true
    priority: 2
    purpose: log-in
    owner: accounts
    serves: [Q2]
    promise: {what: log-in, before_ms: [100, 500], factor: [25, 100]}
ignore: [users.debug_*]
)");
    ASSERT_TRUE(strategy.ok()) << strategy.error().message();
    ASSERT_EQ(strategy->indexes.size(), 1U);
    const StrategyIndex& index = strategy->indexes.front();
    EXPECT_EQ(index.index.name, "email_1");
    EXPECT_TRUE(index.index.unique);
    EXPECT_EQ(index.priority, 2);
    EXPECT_EQ(index.index.purpose, "log-in");
    EXPECT_EQ(index.serves, std::vector<std::string>{"Q2"});
    ASSERT_TRUE(index.promise.has_value());
    EXPECT_EQ(index.promise->factor->high, 100);
    EXPECT_FALSE(index.promise->after_ms.has_value());
    EXPECT_TRUE(strategy->ignores("users", "debug_7"));
    EXPECT_FALSE(strategy->ignores("users", "email_1"));
}

TEST(Strategy, SaysWhereItIsWrong) {
    struct Case {
        const char* yaml;
        int line;
        int column;
    };
    const Case cases[] = {
        {"title: t", 1, 1},
        {"indexes: 1", 1, 10},
        {"indexes: []\nextra: 1", 2, 1},
        {"indexes:\n  - key: {a: 1}", 2, 5},
        {"indexes:\n  - {collection: c, key: {a: 1}, uniq: true}", 2, 34},
        {"indexes:\n  - {collection: c, key: {a: 1}, priority: 0}", 2, 44},
        {"indexes:\n  - {collection: c, key: {a: 1}}\n  - {collection: c, key: {a: 1}}", 3, 5},
        {"indexes:\n  - {collection: c, key: {a: 1}, promise: {factor: [9, 1]}}", 2, 52},
    };
    for (const Case& each : cases) {
        const auto strategy = read(each.yaml);
        ASSERT_FALSE(strategy.ok()) << each.yaml;
        const bson::View details{std::string_view{strategy.error().details()}};
        EXPECT_EQ(details.find("line").as_int32(), each.line) << each.yaml;
        EXPECT_EQ(details.find("column").as_int32(), each.column) << each.yaml;
    }
}

TEST(FitsPattern, KnowsTheStar) {
    EXPECT_TRUE(fits_pattern("a.b", "a.b"));
    EXPECT_TRUE(fits_pattern("a.b", "*"));
    EXPECT_TRUE(fits_pattern("a.b_c_1", "a.*_1"));
    EXPECT_TRUE(fits_pattern("aXbXc", "a*b*c"));
    EXPECT_FALSE(fits_pattern("a.b", "a.bc"));
    EXPECT_FALSE(fits_pattern("a.b", ""));
    EXPECT_FALSE(fits_pattern("ab", "a*c"));
}

}  // namespace
}  // namespace plumb::project
