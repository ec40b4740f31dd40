// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/matcher.h"

#include "bson/builder.h"
#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

bool matches(std::string_view filter, std::string_view document) {
    const auto matcher = Matcher::parse(doc(filter));
    EXPECT_TRUE(matcher.ok()) << filter << ": " << (matcher.ok() ? "" : matcher.error().message());
    return matcher.ok() && matcher->matches(doc(document));
}

ErrorCode code_of(std::string_view filter, const MatchOptions& options = {}) {
    const auto matcher = Matcher::parse(doc(filter), options);
    return matcher.ok() ? ErrorCode::Ok : matcher.error().code();
}

std::string printed(std::string_view filter) {
    const auto matcher = Matcher::parse(doc(filter));
    return matcher.ok() ? text(matcher->to_bson()) : "error";
}

TEST(Matcher, ComparesWithinOneClassOnly) {
    EXPECT_TRUE(matches(R"({"a": {"$gt": 1}})", R"({"a": {"$numberDecimal": "1.5"}})"));
    EXPECT_FALSE(matches(R"({"a": {"$gt": 1}})", R"({"a": "x"})"));
    EXPECT_TRUE(matches(R"({"a": {"$gte": null}})", R"({"b": 1})"));
    EXPECT_FALSE(matches(R"({"a": {"$gt": null}})", R"({"a": null})"));
    EXPECT_TRUE(matches(R"({"a": {"$gt": {"$minKey": 1}}})", R"({"a": 1})"));
}

TEST(Matcher, TreatsNanAsEqualToItselfOnly) {
    const std::string_view nan = R"({"a": {"$numberDouble": "NaN"}})";
    EXPECT_TRUE(matches(nan, nan));
    EXPECT_TRUE(matches(R"({"a": {"$lte": {"$numberDouble": "NaN"}}})", nan));
    EXPECT_FALSE(matches(R"({"a": {"$lt": 5}})", nan));
}

TEST(Matcher, NegationsAskAllElements) {
    EXPECT_FALSE(matches(R"({"a": {"$ne": 1}})", R"({"a": [1, 2]})"));
    EXPECT_TRUE(matches(R"({"a": {"$ne": 1}})", R"({"a": [2]})"));
    EXPECT_TRUE(matches(R"({"a": {"$not": {"$gt": 5}}})", R"({})"));
    EXPECT_FALSE(matches(R"({"a": {"$nin": [1, null]}})", R"({})"));
}

TEST(Matcher, ElemMatchWantsOneElementForAll) {
    const std::string_view filter = R"({"a": {"$elemMatch": {"x": 1, "y": 2}}})";
    EXPECT_TRUE(matches(filter, R"({"a": [{"x": 1, "y": 2}]})"));
    EXPECT_FALSE(matches(filter, R"({"a": [{"x": 1}, {"y": 2}]})"));
    EXPECT_TRUE(matches(R"({"a": {"$elemMatch": {"$gt": 1, "$lt": 3}}})", R"({"a": [0, 2]})"));
    EXPECT_FALSE(matches(R"({"a": {"$elemMatch": {"$gt": 1}}})", R"({"a": 2})"));
}

TEST(Matcher, ReferencesAreValues) {
    const std::string_view reference = R"({"a": {"$ref": "c", "$id": 5}})";
    bson::Builder builder;
    builder.begin_document("a").append("$ref", "c").append("$id", 5).end();
    const bson::Document stored = builder.finish();
    const auto matcher = Matcher::parse(doc(reference));
    ASSERT_TRUE(matcher.ok());
    EXPECT_TRUE(matcher->matches(stored));
}

TEST(Matcher, FindsALargeListByBinarySearch) {
    bson::Builder filter;
    filter.begin_document("a").begin_array("$in");
    for (std::int32_t i = 100'000; i > 0; --i) {
        filter.push(2 * i);
    }
    filter.end().end();
    const auto matcher = Matcher::parse(filter.finish());
    ASSERT_TRUE(matcher.ok());
    EXPECT_TRUE(matcher->matches(doc(R"({"a": 7776})")));
    EXPECT_FALSE(matcher->matches(doc(R"({"a": 7777})")));
}

TEST(Matcher, TellsThePositionThatDecided) {
    std::optional<std::uint32_t> position;
    const auto by_value = Matcher::parse(doc(R"({"a": {"$gt": 1}})"));
    EXPECT_TRUE(by_value->matches(doc(R"({"a": [0, 5, 6]})"), position));
    EXPECT_EQ(position, 1U);
    const auto by_elem_match = Matcher::parse(doc(R"({"a": {"$elemMatch": {"x": 2}}})"));
    EXPECT_TRUE(by_elem_match->matches(doc(R"({"a": [{"x": 1}, {"x": 2}]})"), position));
    EXPECT_EQ(position, 1U);
    const auto negated = Matcher::parse(doc(R"({"a": {"$ne": 9}})"));
    EXPECT_TRUE(negated->matches(doc(R"({"a": [1]})"), position));
    EXPECT_FALSE(position.has_value());
}

TEST(Matcher, AsksALoneValue) {
    const auto matcher = Matcher::parse(doc(R"({"a": {"$elemMatch": {"$gt": 1, "$lt": 5}}})"));
    ASSERT_TRUE(matcher.ok());
    MatchNode conditions;
    conditions.children = matcher->root().children;
    EXPECT_TRUE(Matcher{conditions}.matches_value(bson::Value{3}));
    EXPECT_FALSE(Matcher{conditions}.matches_value(bson::Value{7}));
}

TEST(Matcher, GivesTheErrorOfAnExpression) {
    const auto matcher = Matcher::parse(doc(R"({"$expr": {"$divide": [1, "$a"]}})"));
    ASSERT_TRUE(matcher.ok());
    EXPECT_FALSE(matcher->matches(doc(R"({"a": 0})")));
    EXPECT_FALSE(matcher->check(doc(R"({"a": 0})")).ok());
    EXPECT_TRUE(matcher->check(doc(R"({"a": 1})")).value());
}

struct Refused {
    std::string_view filter;
    std::int32_t code;
};

class MatcherRefuses : public testing::TestWithParam<Refused> {};

TEST_P(MatcherRefuses, WithTheServersCode) {
    EXPECT_EQ(code_of(GetParam().filter), ErrorCode{GetParam().code}) << GetParam().filter;
}

INSTANTIATE_TEST_SUITE_P(Filters,
                         MatcherRefuses,
                         testing::Values(Refused{R"({"$foo": 1})", 2},
                                         Refused{R"({"a": {"$foo": 1}})", 2},
                                         Refused{R"({"a": {"$gt": 1, "x": 1}})", 2},
                                         Refused{R"({"$where": "true"})", 2},
                                         Refused{R"({"$text": {"$search": "x"}})", 2},
                                         Refused{R"({"a": {"$near": [1, 2]}})", 2},
                                         Refused{R"({"$and": []})", 2},
                                         Refused{R"({"a": {"$in": [{"$gt": 1}]}})", 2},
                                         Refused{R"({"a": {"$type": true}})", 14},
                                         Refused{R"({"a": {"$type": []}})", 9},
                                         Refused{R"({"a": {"$bitsAllSet": -1}})", 9},
                                         Refused{R"({"a": {"$elemMatch": {"$expr": 1}}})", 2},
                                         Refused{R"({"a": {"$all": [{"$gt": 1}]}})", 2}));

TEST(Matcher, RefusesExpressionsWhereTheyMayNotStand) {
    MatchOptions options;
    options.allow_expr = false;
    EXPECT_EQ(code_of(R"({"$expr": 1})", options), ErrorCode::QueryFeatureNotAllowed);
}

// {a: {$not: {$not: … {$gt: 1}}}}
std::string nested_not(int levels) {
    std::string filter = R"({"$gt": 1})";
    for (int i = 0; i < levels; ++i) {
        filter = R"({"$not": )" + filter + "}";
    }
    return R"({"a": )" + filter + "}";
}

TEST(Matcher, RefusesFiltersNestedTooDeep) {
    EXPECT_EQ(code_of(nested_not(100)), ErrorCode::Ok);
    EXPECT_EQ(code_of(nested_not(101)), ErrorCode::BadValue);
    EXPECT_EQ(code_of(nested_not(190)), ErrorCode::BadValue);
}

TEST(Matcher, PrintsItsNormalForm) {
    EXPECT_EQ(printed(R"({"b": 1, "a": {"$gt": 1, "$lt": 5}})"),
              R"({"$and": [{"b": {"$eq": 1}}, {"a": {"$lt": 5}}, {"a": {"$gt": 1}}]})");
    EXPECT_EQ(printed(R"({"a": {"$ne": 1}})"), R"({"a": {"$not": {"$eq": 1}}})");
    EXPECT_EQ(printed(R"({"a": {"$in": [2, 1, 2]}})"), R"({"a": {"$in": [1, 2]}})");
    EXPECT_EQ(printed(R"({"a": {"$in": [7]}})"), R"({"a": {"$eq": 7}})");
    EXPECT_EQ(printed(R"({"$or": [{"a": 1}]})"), R"({"a": {"$eq": 1}})");
    EXPECT_EQ(printed(R"({"a": {"$exists": false}})"), R"({"a": {"$not": {"$exists": true}}})");
    EXPECT_EQ(printed(R"({"a": {"$all": []}})"), R"({"$alwaysFalse": 1})");
    EXPECT_EQ(printed(R"({"a": {"$elemMatch": {"x": 1}}})"),
              R"({"a": {"$elemMatch": {"x": {"$eq": 1}}}})");
    EXPECT_EQ(printed("{}"), "{}");
}

TEST(EqualityFields, AreWhatAnUpsertTakes) {
    const auto fields = [](std::string_view filter) {
        return equality_fields(Matcher::parse(doc(filter))->root());
    };
    EXPECT_EQ(text(*fields(
                  R"({"b": 1, "a.x": {"$eq": 2}, "c": {"$gt": 1}, "$or": [{"d": 1}, {"e": 1}]})")),
              R"({"a": {"x": 2}, "b": 1})");
    EXPECT_EQ(fields(R"({"a": {"$all": [1, 2]}})").error().code(), ErrorCode::NotSingleValueField);
    EXPECT_EQ(fields(R"({"a": 1, "a.b": 2})").error().code(), ErrorCode::NotSingleValueField);
}

}  // namespace
}  // namespace plumb::query
