// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/regex.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

std::shared_ptr<const Regex> compiled(std::string_view pattern, std::string_view options = "") {
    auto regex = Regex::compile(pattern, options);
    EXPECT_TRUE(regex.ok()) << pattern;
    return regex.ok() ? std::move(regex).value() : nullptr;
}

TEST(Regex, MatchesAnywhereUnlessAnchored) {
    EXPECT_TRUE(compiled("b")->matches("abc"));
    EXPECT_FALSE(compiled("^b")->matches("abc"));
    EXPECT_TRUE(compiled("")->matches(""));
}

TEST(Regex, KnowsMongoDbsOptions) {
    EXPECT_TRUE(compiled("^B", "im")->matches("a\nbc"));
    EXPECT_TRUE(compiled("a.c", "s")->matches("a\nc"));
    EXPECT_FALSE(compiled("a.c")->matches("a\nc"));
    EXPECT_TRUE(compiled("a b # c", "x")->matches("ab"));
    EXPECT_TRUE(compiled("É", "iu")->matches("é"));
}

TEST(Regex, RefusesWhatIsNone) {
    EXPECT_EQ(Regex::compile("(", "").error().code(), ErrorCode{51091});
    EXPECT_EQ(Regex::compile("a", "z").error().code(), ErrorCode{51108});
}

TEST(Regex, FindsGroupsByByteOffsets) {
    const auto found = compiled("(b)(x)?(c)")->find("éabc");
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->start, 3U);
    EXPECT_EQ((*found)->end, 5U);
    ASSERT_EQ((*found)->groups.size(), 3U);
    EXPECT_FALSE((*found)->groups[1].has_value());
    EXPECT_EQ((*found)->groups[2]->first, 4U);
}

TEST(Regex, GivesUpOnRunawayPatterns) {
    const auto regex = compiled("^(a+)+$");
    const std::string hopeless = std::string(4000, 'a') + "b";
    EXPECT_FALSE(regex->matches(hopeless));
}

TEST(Regex, DoesNotMatchBrokenUtf8) {
    EXPECT_FALSE(compiled("a")->matches("a\xff"));
}

}  // namespace
}  // namespace plumb::query
