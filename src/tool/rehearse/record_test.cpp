// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/record.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

namespace plumb::rehearse {
namespace {

Rehearsal some_rehearsal() {
    Rehearsal out;
    out.at = "2026-01-27T06:00:00Z";
    out.database = "shop";
    out.share = 0.02;
    out.times = Times::Target;
    out.rollback = {true, 95, true, true};
    out.collections.push_back({"orders", 1000, 50'000, 20, "a random 2 %", "3f"});
    out.builds.push_back({3, "orders", {"a_1", "b_1"}, 40, {400, 300, 600}});
    out.indexes.push_back({});
    out.queries.push_back({});
    out.queries.front().after.docs = {26, 20, 30};
    out.failures.push_back({"duplicates", 3, "users", "email_1", "two of one", {"a", "b"}});
    return out;
}

TEST(Record, WhatIsWrittenIsRead) {
    const Rehearsal written = some_rehearsal();
    const auto read = from_document(to_document(written));
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(to_document(*read).bytes(), to_document(written).bytes());
    EXPECT_EQ(read->builds.front().indexes.back(), "b_1");
    EXPECT_EQ(read->queries.front().after.docs.high, 30);
    EXPECT_EQ(read->failures.front().ids.size(), 2U);
    EXPECT_FALSE(read->would_work());
}

TEST(Record, AnotherSchemaIsRefused) {
    const auto read = from_document(bson::Builder{}.append("schema", 99).finish());
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code(), ErrorCode::FailedToParse);
}

TEST(Record, AMissingFieldIsNamed) {
    const auto read = from_document(bson::Builder{}.append("schema", 1).finish());
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().message().find('"'), std::string::npos);
}

}  // namespace
}  // namespace plumb::rehearse
