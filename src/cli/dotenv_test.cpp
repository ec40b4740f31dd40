// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/dotenv.h"

#include <gtest/gtest.h>

namespace plumb::cli {
namespace {

TEST(Dotenv, ReadsAssignments) {
    struct Case {
        const char* line;
        const char* value;
    };
    const Case cases[] = {
        {"A=b", "b"},
        {"export A=b", "b"},
        {"  A = b  \r", "b"},
        {"A=", ""},
        {"A=mongodb://u:p#w@h/db?x=1", "mongodb://u:p#w@h/db?x=1"},
        {"A=b # a comment", "b"},
        {"A='b # kept'", "b # kept"},
        {"A=\"b\\n\\\"c\\\"\" # a comment", "b\n\"c\""},
        {"A='b\\n'", "b\\n"},
    };
    for (const Case& each : cases) {
        const auto read = parse_dotenv(each.line, ".env");
        ASSERT_TRUE(read.ok()) << each.line;
        ASSERT_EQ(read->count("A"), 1U) << each.line;
        EXPECT_EQ(read->at("A"), each.value) << each.line;
    }
}

TEST(Dotenv, SkipsCommentsAndEmptyLines) {
    const auto read = parse_dotenv("# A=1\n\n   \nB=2\n", ".env");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->size(), 1U);
}

TEST(Dotenv, NamesTheLineThatIsNoAssignment) {
    for (const char* bad :
         {"A=1\nnonsense", "A=1\n=2", "A=1\n9A=2", "A=1\nB='open", "A=1\nB='x'y"}) {
        const auto read = parse_dotenv(bad, ".env");
        ASSERT_FALSE(read.ok()) << bad;
        EXPECT_EQ(read.error().code(), ErrorCode::UsageError);
        EXPECT_NE(read.error().message().find(".env:2"), std::string::npos) << bad;
    }
}

}  // namespace
}  // namespace plumb::cli
