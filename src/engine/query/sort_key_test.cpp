// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/sort_key.h"

#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumb::query {
namespace {

std::string key(const SortPattern& pattern,
                std::string_view document,
                MissingAs missing = MissingAs::Null) {
    std::string out;
    EXPECT_TRUE(pattern.make_key(doc(document), out, missing).ok());
    return out;
}

TEST(SortPattern, SortsAnArrayByItsLeastOrGreatest) {
    const auto ascending = SortPattern::parse(doc(R"({"a": 1})"));
    EXPECT_EQ(key(*ascending, R"({"a": [3, 1, 2]})"), key(*ascending, R"({"a": 1})"));
    const auto descending = SortPattern::parse(doc(R"({"a": -1})"));
    EXPECT_EQ(key(*descending, R"({"a": [3, 1, 2]})"), key(*descending, R"({"a": 3})"));
    EXPECT_LT(key(*descending, R"({"a": 3})"), key(*descending, R"({"a": 2})"));
}

TEST(SortPattern, KeepsFieldsOfOneElementTogether) {
    const auto pattern = SortPattern::parse(doc(R"({"a.x": 1, "a.y": 1})"));
    EXPECT_EQ(key(*pattern, R"({"a": [{"x": 2, "y": 0}, {"x": 1, "y": 9}]})"),
              key(*pattern, R"({"a": {"x": 1, "y": 9}})"));
}

TEST(SortPattern, PlacesWhatIsMissing) {
    const auto pattern = SortPattern::parse(doc(R"({"a": 1})"));
    EXPECT_EQ(key(*pattern, "{}"), key(*pattern, R"({"a": null})"));
    EXPECT_LT(key(*pattern, R"({"a": []})"), key(*pattern, R"({"a": null})"));
    EXPECT_EQ(key(*pattern, "{}", MissingAs::Undefined), key(*pattern, R"({"a": []})"));
}

TEST(SortPattern, RefusesParallelArrays) {
    const auto pattern = SortPattern::parse(doc(R"({"a": 1, "b": 1})"));
    std::string out;
    const Status made = pattern->make_key(doc(R"({"a": [1], "b": [1]})"), out);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code(), ErrorCode::BadValue);
}

TEST(SortPattern, AcceptsPathsNoIndexCouldHave) {
    const auto pattern = SortPattern::parse(doc(R"({"a.$b": 1})"));
    ASSERT_TRUE(pattern.ok());
    EXPECT_EQ(key(*pattern, R"({"a": [1, 2]})"), key(*pattern, "{}"));
}

TEST(SortPattern, RefusesOrdersThatAreNone) {
    for (const std::string_view spec : {R"({"a": 0})",
                                        R"({"a": 2})",
                                        R"({"a": "x"})",
                                        R"({"": 1})",
                                        R"({"a": {"$meta": "x"}})"}) {
        const auto pattern = SortPattern::parse(doc(spec));
        ASSERT_FALSE(pattern.ok()) << spec;
        EXPECT_EQ(pattern.error().code(), ErrorCode::BadValue);
    }
}

}  // namespace
}  // namespace plumb::query
