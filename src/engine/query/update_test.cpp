// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/update.h"

#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

struct Options {
    std::vector<std::string_view> filters;
    std::optional<std::uint32_t> position;
};

// The document after the update, or "error <code>".
std::string updated(std::string_view document, std::string_view spec, const Options& options = {}) {
    UpdateOptions update_options;
    for (const std::string_view filter : options.filters) {
        update_options.array_filters.push_back(doc(filter));
    }
    const bson::Document parsed = doc(spec);
    const auto update = Update::parse(parsed.view().as_value(), update_options);
    if (!update.ok()) {
        return "error " + std::to_string(static_cast<int>(update.error().code()));
    }
    const bson::Document before = doc(document);
    const auto outcome = update->apply(before, options.position, ApplyTo::Existing);
    if (!outcome.ok()) {
        return "error " + std::to_string(static_cast<int>(outcome.error().code()));
    }
    EXPECT_EQ(outcome->changed, outcome->document.bytes() != before.bytes());
    return text(outcome->document);
}

struct Case {
    std::string_view document;
    std::string_view spec;
    std::string_view expected;
};

class UpdateGives : public testing::TestWithParam<Case> {};

TEST_P(UpdateGives, WhatTheServerGives) {
    EXPECT_EQ(updated(GetParam().document, GetParam().spec), GetParam().expected)
        << GetParam().spec << " on " << GetParam().document;
}

INSTANTIATE_TEST_SUITE_P(
    Fields,
    UpdateGives,
    testing::Values(
        Case{R"({"_id": 1})",
             R"({"$set": {"b": 1, "a.x": 2}})",
             R"({"_id": 1, "a": {"x": 2}, "b": 1})"},
        Case{R"({"a": {"x": 1, "y": 2}})", R"({"$unset": {"a.x": 1}})", R"({"a": {"y": 2}})"},
        Case{R"({"a": [1, 2]})", R"({"$unset": {"a.0": 1}})", R"({"a": [null, 2]})"},
        Case{R"({"a": 1, "b": 2})", R"({"$rename": {"a": "c.d"}})", R"({"b": 2, "c": {"d": 1}})"},
        Case{R"({"a": [1]})", R"({"$set": {"a.3": 4}})", R"({"a": [1, null, null, 4]})"},
        Case{R"({"a": [1]})", R"({"$set": {"a.2000000": 4}})", "error 35"},
        Case{R"({"a": 1})", R"({"$set": {"a.b": 4}})", "error 28"},
        Case{R"({"a": 1})", R"({"$unset": {"a.b": 4}})", R"({"a": 1})"},
        Case{R"({"a": 1})", R"({"$set": {"a": 1}, "$inc": {"a.b": 1}})", "error 40"},
        Case{R"({"a": 1})", R"({"$set": {"b": {"$c": 1}}})", "error 52"},
        Case{R"({"_id": 1})", R"({"$set": {"_id": 2}})", "error 66"},
        Case{R"({"_id": 1})", R"({"$set": {"_id": 1}})", R"({"_id": 1})"},
        Case{R"({"a": 1})", R"({"$set": {"a..b": 2}})", "error 56"},
        Case{R"({"a": 1})", R"({"$set": {}})", "error 9"},
        Case{R"({"a": 1})", R"({"$foo": {"a": 1}})", "error 9"},
        Case{R"({"_id": 1, "a": 1})", R"({"b": 2})", R"({"_id": 1, "b": 2})"},
        Case{R"({"_id": 1, "a": 1})", R"({"_id": 2, "b": 2})", "error 66"},
        Case{R"({"_id": 1})", R"({"$setOnInsert": {"a": 1}})", R"({"_id": 1})"},
        Case{R"({"a": 1})", R"({"$pull": {"a.b": 4}})", "error 28"},
        Case{R"({"a": []})", R"({"$pullAll": {"a.b": [4]}})", "error 28"},
        Case{R"({"a": {}})", R"({"$pull": {"a.b": 4}})", R"({"a": {}})"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers,
    UpdateGives,
    testing::Values(
        Case{R"({"b": 1})",
             R"({"$inc": {"a": {"$numberDecimal": "1E+3"}}})",
             R"({"b": 1, "a": {"$numberDecimal": "1E+3"}})"},
        Case{R"({"a": 2147483647})", R"({"$inc": {"a": 1}})", R"({"a": 2147483648})"},
        Case{
            R"({"a": {"$numberLong": "9223372036854775807"}})", R"({"$inc": {"a": 1}})", "error 2"},
        Case{R"({"a": "x"})", R"({"$inc": {"a": 1}})", "error 14"},
        Case{R"({"a": 1})", R"({"$mul": {"b": 5}})", R"({"a": 1, "b": 0})"},
        Case{R"({"a": 5})", R"({"$min": {"a": 3}, "$max": {"b": 1}})", R"({"a": 3, "b": 1})"},
        Case{R"({"a": 5})", R"({"$bit": {"a": {"and": 4, "or": 2}}})", R"({"a": 6})"},
        Case{R"({"a": 5.5})", R"({"$bit": {"a": {"and": 4}}})", "error 2"}));

INSTANTIATE_TEST_SUITE_P(
    Arrays,
    UpdateGives,
    testing::Values(
        Case{R"({"a": [3, 1]})",
             R"({"$push": {"a": {"$each": [2], "$sort": 1, "$slice": 2}}})",
             R"({"a": [1, 2]})"},
        Case{R"({"a": [1, 2]})",
             R"({"$push": {"a": {"$each": [9], "$position": -1}}})",
             R"({"a": [1, 9, 2]})"},
        Case{R"({"a": [{"k": 2}, 7]})",
             R"({"$push": {"a": {"$each": [{"k": 1}], "$sort": {"k": 1}}}})",
             R"({"a": [7, {"k": 1}, {"k": 2}]})"},
        Case{R"({"a": 1})", R"({"$push": {"a": 1}})", "error 2"},
        Case{
            R"({"a": [1]})", R"({"$addToSet": {"a": {"$each": [1.0, 2, 2]}}})", R"({"a": [1, 2]})"},
        Case{R"({"a": [1, [1], 5]})", R"({"$pull": {"a": {"$lt": 4}}})", R"({"a": [5]})"},
        Case{R"({"a": [{"x": 1, "y": 2}, 1]})", R"({"$pull": {"a": {"x": 1}}})", R"({"a": [1]})"},
        Case{R"({"a": ["ab", "b"]})",
             R"({"$pull": {"a": {"$regularExpression": {"pattern": "^a", "options": ""}}}})",
             R"({"a": ["b"]})"},
        Case{R"({"a": [1, 2, 1]})", R"({"$pullAll": {"a": [1]}})", R"({"a": [2]})"},
        Case{R"({"a": [1, 2]})", R"({"$pop": {"a": 1}})", R"({"a": [1]})"},
        Case{R"({"a": []})", R"({"$pop": {"a": 1}})", R"({"a": []})"}));

TEST(Update, TakesThePositionOfTheFilter) {
    EXPECT_EQ(updated(R"({"a": [1, 2]})", R"({"$set": {"a.$": 9}})", {{}, 1}), R"({"a": [1, 9]})");
    EXPECT_EQ(updated(R"({"a": [1, 2]})", R"({"$set": {"a.$": 9}})"), "error 2");
}

TEST(Update, SelectsElementsByFilters) {
    const Options cheap{{R"({"x.p": {"$lt": 5}})"}, {}};
    EXPECT_EQ(
        updated(
            R"({"a": [{"p": 1}, {"p": 7}]})", R"({"$set": {"a.$[x].p": 5, "a.$[x].q": 1}})", cheap),
        R"({"a": [{"p": 5, "q": 1}, {"p": 7}]})");
    EXPECT_EQ(updated(R"({"a": [1]})", R"({"$set": {"b": 1}})", cheap), "error 9");
    EXPECT_EQ(updated(R"({"a": [1]})", R"({"$set": {"a.$[y]": 1}})", cheap), "error 2");
}

TEST(Update, FindsConflictsThatFiltersMake) {
    const Options both{{R"({"x": {"$gt": 0}})", R"({"y": {"$gt": 1}})"}, {}};
    const std::string_view spec = R"({"$set": {"a.$[x]": 1, "a.$[y]": 2}})";
    EXPECT_EQ(updated(R"({"a": [1, 5]})", spec, both), "error 40");
    EXPECT_EQ(updated(R"({"a": [1]})", spec, both), R"({"a": [1]})");
}

TEST(Update, ReachesEveryElement) {
    EXPECT_EQ(updated(R"({"a": [[1], [2, 3]]})", R"({"$inc": {"a.$[].$[]": 1}})"),
              R"({"a": [[2], [3, 4]]})");
    EXPECT_EQ(updated(R"({"a": 1})", R"({"$inc": {"a.$[]": 1}})"), "error 2");
}

TEST(Update, UpsertsFromTheFilter) {
    const auto upserted = [](std::string_view filter, std::string_view spec) {
        const bson::Document parsed = doc(spec);
        const auto update = Update::parse(parsed.view().as_value(), {});
        const auto matcher = Matcher::parse(doc(filter));
        const auto made = update->apply_upsert(matcher->root());
        return made.ok() ? text(*made) : std::to_string(static_cast<int>(made.error().code()));
    };
    EXPECT_EQ(upserted(R"({"x": 1, "_id": 7})", R"({"$set": {"a": 1}, "$setOnInsert": {"b": 2}})"),
              R"({"_id": 7, "x": 1, "a": 1, "b": 2})");
    EXPECT_EQ(upserted(R"({"x": 1, "_id": 7})", R"({"a": 1})"), R"({"_id": 7, "a": 1})");
    EXPECT_EQ(upserted(R"({"_id": 7})", R"({"_id": 8})"), "66");
    EXPECT_NE(upserted("{}", R"({"a": 1})").find("\"_id\": {\"$oid\""), std::string::npos);
}

}  // namespace
}  // namespace plumb::query
