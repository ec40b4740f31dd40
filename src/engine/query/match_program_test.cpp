// SPDX-License-Identifier: GPL-3.0-or-later
// A program answers as its tree does, for every filter and document of a table.
#include "engine/query/match_program.h"

#include "bson/builder.h"
#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::query {
namespace {

constexpr auto kFilters = std::to_array<const char*>({
    R"({})",
    R"({"a": 1})",
    R"({"a": 1, "b": {"$gt": 1}})",
    R"({"b": 2, "a": {"$ne": 2}})",
    R"({"a": {"$gte": 1, "$lte": 2}, "a.x": {"$exists": false}})",
    R"({"a": null, "longer_than_eight": "x"})",
    R"({"longer_than_eight": {"$in": ["x", "y"]}, "longer_than_nine": {"$exists": true}})",
    R"({"a_name_that_is_longer_than_two_words": 5})",
    R"({"a.x": 1, "a.y": {"$not": {"$gt": 3}}})",
    R"({"a.0": 1})",
    R"({"a": {"$elemMatch": {"x": 1, "y": 2}}, "b": 1})",
    R"({"a": {"$size": 2}, "b": {"$type": "int"}})",
    R"({"$or": [{"a": 1}, {"b": 1}], "b": {"$nin": [7, 8]}})",
    R"({"$and": [{"$nor": [{"a": 2}]}, {"a": {"$exists": true}}, {"b": 1}]})",
    R"({"$expr": {"$eq": ["$a", 1]}, "b": 1})",
    R"({"": 1, "b": 1})",
    R"({"b": {"$not": {"$exists": true}}})",
});

constexpr auto kDocuments = std::to_array<const char*>({
    R"({})",
    R"({"a": 1})",
    R"({"a": 1, "b": 2})",
    R"({"b": 2, "a": 1})",
    R"({"b": 1, "a": [1, 2]})",
    R"({"b": 1, "a": [{"x": 1, "y": 2}, {"x": 3}]})",
    R"({"a": {"x": 1, "y": 5}})",
    R"({"a": {"x": 1, "y": 2}, "b": 1, "": 1})",
    R"({"longer_than_eight": "x", "longer_than_nine": 0})",
    R"({"longer_than_nine": 0, "longer_than_eight": "z"})",
    R"({"a_name_that_is_longer_than_two_words": 5})",
    R"({"a_name_that_is_longer_than_two_wordx": 5})",
    R"({"a": null, "b": 1})",
    R"({"a": 1, "b": 1})",
    R"({"aa": 1, "a": 2, "b": 1})",
});

TEST(MatchProgram, AnswersAsTheTree) {
    int matched = 0;
    for (const char* filter : kFilters) {
        const auto matcher = Matcher::parse(doc(filter));
        ASSERT_TRUE(matcher.ok()) << filter;
        const MatchProgram program{matcher->root()};
        for (const char* text : kDocuments) {
            const bson::Document document = doc(text);
            MatchTrace by_program;
            MatchTrace by_tree;
            const bool expected = match_document(matcher->root(), document, by_tree);
            EXPECT_EQ(program.matches(document, by_program), expected) << filter << " " << text;
            EXPECT_EQ(by_program.error.has_value(), by_tree.error.has_value());
            matched += expected ? 1 : 0;
        }
    }
    EXPECT_GT(matched, 40);
}

TEST(MatchProgram, FailsWhereTheTreeFails) {
    // The condition behind the expression is not asked before it.
    const auto matcher =
        Matcher::parse(doc(R"({"$and": [{"$expr": {"$divide": [1, "$a"]}}, {"b": 1}]})"));
    ASSERT_TRUE(matcher.ok());
    EXPECT_FALSE(matcher->check(doc(R"({"a": 0, "b": 2})")).ok());
    const auto other =
        Matcher::parse(doc(R"({"$and": [{"b": 1}, {"$expr": {"$divide": [1, "$a"]}}]})"));
    ASSERT_TRUE(other.ok());
    EXPECT_TRUE(other->check(doc(R"({"a": 0, "b": 2})")).ok());
}

TEST(MatchProgram, TakesMoreFieldsThanAWordHasBits) {
    bson::Builder filter;
    bson::Builder document;
    for (int i = 0; i < 70; ++i) {
        filter.append("f" + std::to_string(i), i);
        document.append("f" + std::to_string(69 - i), 69 - i);
    }
    const auto matcher = Matcher::parse(filter.finish());
    ASSERT_TRUE(matcher.ok());
    const bson::Document made = document.finish();
    EXPECT_TRUE(matcher->matches(made));
    EXPECT_FALSE(matcher->matches(doc(R"({"f0": 0})")));
}

}  // namespace
}  // namespace plumb::query
