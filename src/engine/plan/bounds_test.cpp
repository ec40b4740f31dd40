// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/bounds.h"

#include "bson/json.h"
#include "engine/plan/implication.h"
#include "engine/plan/predicate_bounds.h"
#include "engine/plan/regex_prefix.h"
#include "engine/query/matcher.h"

#include <gtest/gtest.h>

namespace plumb::plan {
namespace {

query::Matcher parsed(std::string_view filter) {
    Result<bson::Document> document = bson::from_json(filter);
    EXPECT_TRUE(document.ok()) << filter;
    Result<query::Matcher> matcher = query::Matcher::parse(*document);
    EXPECT_TRUE(matcher.ok()) << filter;
    return *std::move(matcher);
}

storage::IndexState index_on_a(bool multikey = false, bool sparse = false) {
    storage::IndexState out;
    out.spec.key = *bson::from_json(R"({"a": 1})");
    out.spec.sparse = sparse;
    out.pattern = *bson::KeyPattern::parse(out.spec.key);
    out.multikey = multikey;
    out.multikey_paths.resize(1);
    if (multikey) {
        out.multikey_paths[0] = {0};
    }
    return out;
}

std::string text_of(const PredicateBounds& bounds) {
    std::string out;
    for (const Interval& interval : bounds.intervals) {
        out += interval.to_text() + " ";
    }
    static constexpr std::string_view kNames[] = {"exact", "covered", "fetch"};
    return out + std::string{kNames[static_cast<std::size_t>(bounds.tightness)]};
}

struct BoundsCase {
    std::string_view filter;
    std::string_view expected;
};

constexpr BoundsCase kCases[] = {
    {R"({"a": 5})", "[5, 5] exact"},
    {R"({"a": {"$lt": 5}})", "[-inf.0, 5) exact"},
    {R"({"a": {"$gte": 2.5}})", "[2.5, inf.0] exact"},
    {R"({"a": {"$gt": "b"}})", "(\"b\", {}) exact"},
    {R"({"a": {"$lte": true}})", "[false, true] exact"},
    {R"({"a": {"$lt": {"$date": {"$numberLong": "7"}}}})",
     "[new Date(-9223372036854775808), new Date(7)) exact"},
    {R"({"a": {"$gt": {"x": 1}}})", "({ x: 1 }, []) fetch"},
    {R"({"a": null})", "[undefined, undefined] [null, null] fetch"},
    {R"({"a": [1, 2]})", "[1, 1] [[ 1, 2 ], [ 1, 2 ]] fetch"},
    {R"({"a": {"$in": [3, 1, 2]}})", "[1, 1] [2, 2] [3, 3] exact"},
    {R"({"a": {"$ne": 5}})", "[MinKey, 5) (5, MaxKey] exact"},
    {R"({"a": {"$ne": null}})", "[MinKey, undefined) (null, MaxKey] exact"},
    {R"({"a": {"$nin": [1, 2]}})", "[MinKey, 1) (1, 2) (2, MaxKey] exact"},
    {R"({"a": {"$exists": true}})", "[MinKey, MaxKey] fetch"},
    {R"({"a": {"$exists": false}})", "[null, null] fetch"},
    {R"({"a": {"$type": "number"}})", "[nan.0, inf.0] exact"},
    {R"({"a": {"$type": "string"}})", "[\"\", {}) fetch"},
    {R"({"a": {"$mod": [3, 0]}})", "[nan.0, inf.0] covered"},
    {R"({"a": {"$regularExpression": {"pattern": "^ab", "options": ""}}})",
     "[\"ab\", \"ac\") [/^ab/, /^ab/] exact"},
    {R"({"a": {"$regularExpression": {"pattern": "ab", "options": "i"}}})",
     "[\"\", {}) [/ab/i, /ab/i] covered"},
    {R"({"a": {"$elemMatch": {"$gt": 1, "$lt": 3}}})", "(1, 3) fetch"},
};

TEST(PredicateBounds, AreThoseOfMongoDB) {
    const storage::IndexState index = index_on_a();
    for (const BoundsCase& each : kCases) {
        const query::Matcher matcher = parsed(each.filter);
        ASSERT_TRUE(can_bound(matcher.root(), index, 0)) << each.filter;
        EXPECT_EQ(text_of(predicate_bounds(matcher.root(), index, 0)), each.expected)
            << each.filter;
    }
}

TEST(PredicateBounds, ConditionsThatNoIndexServes) {
    const storage::IndexState index = index_on_a();
    for (const std::string_view filter : {R"({"a": {"$size": 2}})",
                                          R"({"a": {"$not": {"$mod": [2, 0]}}})",
                                          R"({"a": {"$ne": [1]}})",
                                          R"({"a": {"$bitsAllSet": 1}})"}) {
        EXPECT_FALSE(can_bound(parsed(filter).root(), index, 0)) << filter;
    }
}

TEST(PredicateBounds, SparseIndexesMissDocumentsWithoutTheField) {
    const storage::IndexState index = index_on_a(false, true);
    for (const std::string_view filter : {R"({"a": null})",
                                          R"({"a": {"$in": [1, null]}})",
                                          R"({"a": {"$ne": 5}})",
                                          R"({"a": {"$exists": false}})"}) {
        EXPECT_FALSE(can_bound(parsed(filter).root(), index, 0)) << filter;
    }
    EXPECT_TRUE(can_bound(parsed(R"({"a": {"$ne": null}})").root(), index, 0));
    EXPECT_EQ(text_of(predicate_bounds(parsed(R"({"a": {"$exists": true}})").root(), index, 0)),
              "[MinKey, MaxKey] exact");
}

TEST(PredicateBounds, WithArraysNotNullCannotBeAComplement) {
    const storage::IndexState index = index_on_a(true);
    EXPECT_FALSE(can_bound(parsed(R"({"a": {"$ne": null}})").root(), index, 0));
    EXPECT_EQ(text_of(predicate_bounds(parsed(R"({"a": {"$ne": 5}})").root(), index, 0)),
              "[MinKey, 5) (5, MaxKey] fetch");
}

struct PrefixCase {
    std::string_view pattern;
    std::string_view options;
    std::string_view text;
    bool exact;
};

constexpr PrefixCase kPrefixes[] = {
    {"^abc", "", "abc", true},
    {"^abc", "i", "", false},
    {"abc", "", "", false},
    {"^ab?c", "", "a", false},
    {"^ab*", "", "a", false},
    {"^a.c", "", "a", false},
    {"^a|b", "", "", false},
    {"^a\\.b", "", "a.b", true},
    {"\\Aab", "m", "ab", true},
    {"^ab", "m", "", false},
    {"^", "", "", false},
    {"^ab+", "", "ab", false},
    {"^a\\d", "", "a", false},
};

TEST(RegexPrefix, IsWhatEveryMatchBeginsWith) {
    for (const PrefixCase& each : kPrefixes) {
        const RegexPrefix found = regex_prefix(each.pattern, each.options);
        EXPECT_EQ(found.text, each.text) << each.pattern;
        EXPECT_EQ(found.exact, each.exact) << each.pattern;
    }
}

struct ImplicationCase {
    std::string_view query;
    std::string_view filter;
    bool implied;
};

constexpr ImplicationCase kImplications[] = {
    {R"({"c": 5})", R"({"c": {"$gte": 1}})", true},
    {R"({"c": 0})", R"({"c": {"$gte": 1}})", false},
    {R"({"c": {"$gt": 1}})", R"({"c": {"$gte": 1}})", true},
    {R"({"c": {"$gte": 1}})", R"({"c": {"$gt": 1}})", false},
    {R"({"b": 1, "c": {"$gte": 3}})", R"({"c": {"$gte": 1}})", true},
    {R"({"b": 1})", R"({"c": {"$gte": 1}})", false},
    {R"({"c": {"$in": [2, 3]}})", R"({"c": {"$gte": 1}})", true},
    {R"({"c": {"$in": [0, 3]}})", R"({"c": {"$gte": 1}})", false},
    {R"({"c": 5})", R"({"c": {"$exists": true}})", true},
    {R"({"c": null})", R"({"c": {"$exists": true}})", false},
    {R"({"$or": [{"c": 2}, {"c": 3}]})", R"({"c": {"$gte": 1}})", true},
    {R"({"$or": [{"c": 2}, {"b": 3}]})", R"({"c": {"$gte": 1}})", false},
    {R"({"c": 5, "d": 1})", R"({"c": 5, "d": {"$lt": 2}})", true},
    {R"({"c": "5"})", R"({"c": {"$gte": 1}})", false},
};

TEST(Implication, DecidesWhetherAPartialIndexServes) {
    for (const ImplicationCase& each : kImplications) {
        EXPECT_EQ(implies(parsed(each.query).root(), parsed(each.filter).root()), each.implied)
            << each.query << " => " << each.filter;
    }
}

}  // namespace
}  // namespace plumb::plan
