// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions beyond the recorded ones: forms, errors, variables, folding.
#include "engine/query/expression.h"

#include "bson/json.h"
#include "engine/query/expr/operator.h"
#include "engine/query/expr/values.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace plumb::query {

namespace {

struct ExpressionCase {
    const char* expression;  // JSON
    const char* expected;    // canonical JSON; "missing"; "error <code>"
};

constexpr const char* kDocument = R"({"_id": 1, "i": 7, "s": "Hello", "e": [], "z": null,
    "a": [3, 1, 2], "o": {"x": 1, "y": {"w": 2}}, "d": [{"k": 1, "v": [1, 2]}, {"k": 2}, 5],
    "t": {"$date": "2026-01-27T13:45:30.123Z"}})";

std::string evaluated(const std::string& json) {
    const auto wrapped = bson::from_json("{\"e\": " + json + "}");
    EXPECT_TRUE(wrapped.ok()) << json;
    const auto document = bson::from_json(kDocument);
    EXPECT_TRUE(document.ok());
    ExpressionContext context;
    context.now = {1000};
    context.variables.emplace_back("outer", bson::Value{std::int32_t{42}});
    VariableScope scope;
    auto expression = parse_expression(wrapped->find("e"), scope, context);
    const auto code = [](const Error& error) {
        return "error " + std::to_string(static_cast<std::int32_t>(error.code()));
    };
    if (!expression.ok()) {
        return code(expression.error());
    }
    Arena arena;
    Variables variables(scope.slots());
    const auto value = (*expression)->evaluate({document->view(), variables, arena});
    if (!value.ok()) {
        return code(value.error());
    }
    return value->missing() ? "missing" : to_json(*value, bson::JsonMode::Canonical);
}

const std::vector<ExpressionCase>& cases() {
    // clang-format off
    static const std::vector<ExpressionCase> kCases{
        // Paths and variables.
        {R"("$o.y.w")", R"({"$numberInt": "2"})"},
        {R"("$d.v")", R"([[{"$numberInt": "1"}, {"$numberInt": "2"}]])"},
        {R"("$a.0")", "[]"},
        {R"("$nope")", "missing"},
        {R"("$$ROOT.i")", R"({"$numberInt": "7"})"},
        {R"("$$CURRENT.i")", R"({"$numberInt": "7"})"},
        {R"("$$outer")", R"({"$numberInt": "42"})"},
        {R"("$$outer.x")", "missing"},
        {R"("$$NOW")", R"({"$date": {"$numberLong": "1000"}})"},
        {R"("$$REMOVE")", "missing"},
        {R"("$$CLUSTER_TIME")", "error 51144"},
        {R"("$")", "error 16872"},
        {R"("$a..b")", "error 15998"},
        {R"("$a.")", "error 40353"},
        {R"("$a.$b")", "error 16410"},
        {R"("$$1x")", "error 16870"},
        {R"("$$a-b")", "error 16871"},
        {R"({"$let": {"vars": {"x": 1}, "in": {"$let": {"vars": {"x": {"$add": ["$$x", 1]}}, "in": "$$x"}}}})",
         R"({"$numberInt": "2"})"},
        {R"({"$let": {"vars": {"x": 1, "y": "$$x"}, "in": 1}})", "error 17276"},
        {R"({"$let": {"vars": {"CURRENT": "$o"}, "in": "$x"}})", R"({"$numberInt": "1"})"},
        {R"({"$let": {"vars": {"outer": 1}, "in": "$$outer"}})", R"({"$numberInt": "1"})"},
        {R"({"$map": {"input": "$a", "as": "x", "in": {"$map": {"input": "$a", "as": "y", "in": {"$multiply": ["$$x", "$$y", "$i"]}}}}})",
         R"([[{"$numberInt": "63"}, {"$numberInt": "21"}, {"$numberInt": "42"}], [{"$numberInt": "21"}, {"$numberInt": "7"}, {"$numberInt": "14"}], [{"$numberInt": "42"}, {"$numberInt": "14"}, {"$numberInt": "28"}]])"},
        {R"({"$filter": {"input": "$a", "as": "x", "cond": {"$gt": ["$$x", 1]}}})", R"([{"$numberInt": "3"}, {"$numberInt": "2"}])"},
        {R"({"$filter": {"input": "$a", "cond": {"$gt": ["$$this", 2]}}})", R"([{"$numberInt": "3"}])"},
        {R"({"$filter": {"input": "$i", "cond": true}})", "error 28651"},
        {R"({"$filter": {"cond": true}})", "error 28648"},
        {R"({"$filter": {"input": "$a"}})", "error 28650"},
        {R"({"$filter": {"input": "$a", "as": "X", "cond": true}})", "error 16867"},
        {R"({"$reduce": {"input": "$a", "initialValue": [], "in": {"$concatArrays": [["$$this"], "$$value"]}}})",
         R"([{"$numberInt": "2"}, {"$numberInt": "1"}, {"$numberInt": "3"}])"},
        {R"({"$reduce": {"input": "$z", "initialValue": 0, "in": 1}})", "null"},
        {R"({"$reduce": {"input": "$i", "initialValue": 0, "in": 1}})", "error 40080"},
        {R"({"$reduce": {"input": "$a", "initialValue": 0}})", "error 40079"},
        {R"({"$reduce": {"input": "$a", "initialValue": "$$this", "in": 1}})", "error 17276"},
        {R"({"a": 1, "b.c": 2})", "error 16412"},
        {R"({"a": 1, "$b": 2})", "error 16410"},
        {R"({"$add": [1], "b": 2})", "error 15983"},
        {R"({"a": "$nope", "b": {"c": "$i"}})", R"({"b": {"c": {"$numberInt": "7"}}})"},
        {R"({"$meta": "textScore"})", "error 40218"},
        {R"({"$const": "$i"})", R"("$i")"},
        // Arithmetic and trigonometry.
        {R"({"$add": ["$t", 1, 1]})", R"({"$date": {"$numberLong": "1769521530125"}})"},
        {R"({"$add": ["$t", "$t"]})", "error 16612"},
        {R"({"$add": [0.1, 0.2, 0.3]})", R"({"$numberDouble": "0.6"})"},
        {R"({"$subtract": [{"$numberLong": "-9223372036854775808"}, 1]})", R"({"$numberDouble": "-9223372036854775808.0"})"},
        {R"({"$multiply": [{"$numberLong": "9223372036854775807"}, 2]})", R"({"$numberDouble": "18446744073709551616.0"})"},
        {R"({"$multiply": [65536, 65536]})", R"({"$numberLong": "4294967296"})"},
        {R"({"$multiply": []})", R"({"$numberInt": "1"})"},
        {R"({"$mod": [7, 2.0]})", R"({"$numberInt": "1"})"},
        {R"({"$mod": [{"$numberLong": "-9223372036854775808"}, -1]})", R"({"$numberLong": "0"})"},
        {R"({"$abs": {"$numberLong": "-9223372036854775808"}})", "error 28680"},
        {R"({"$abs": -2147483648})", R"({"$numberLong": "2147483648"})"},
        {R"({"$pow": [0, -1]})", "error 28764"},
        {R"({"$pow": [2, 62]})", R"({"$numberLong": "4611686018427387904"})"},
        {R"({"$pow": [2, 63]})", R"({"$numberDouble": "9223372036854775808.0"})"},
        {R"({"$pow": [-1, -3]})", R"({"$numberInt": "-1"})"},
        {R"({"$round": [{"$numberLong": "9223372036854775807"}, -1]})", "error 51080"},
        {R"({"$round": [15, -1]})", R"({"$numberInt": "20"})"},
        {R"({"$trunc": -0.5})", R"({"$numberDouble": "-0.0"})"},
        {R"({"$acosh": 1})", R"({"$numberDouble": "0.0"})"},
        {R"({"$acosh": 0.5})", "error 50989"},
        {R"({"$asinh": 0})", R"({"$numberDouble": "0.0"})"},
        {R"({"$cosh": 0})", R"({"$numberDouble": "1.0"})"},
        {R"({"$tanh": 0})", R"({"$numberDouble": "0.0"})"},
        {R"({"$atan2": [0, "$s"]})", "error 51045"},
        // Strings.
        {R"({"$concat": ["a", "$s", "b"]})", R"("aHellob")"},
        {R"({"$concat": ["a", "$z"]})", "null"},
        {R"({"$concat": ["a", "$i"]})", "error 16702"},
        {R"({"$substrCP": ["é€x", 1, 1]})", R"("€")"},
        {R"({"$substrCP": ["abc", 0, -1]})", "error 34454"},
        {R"({"$substrBytes": ["é€", 0, 3]})", "error 28657"},
        {R"({"$strcasecmp": ["a", "B"]})", R"({"$numberInt": "-1"})"},
        {R"({"$strcasecmp": ["$z", ""]})", R"({"$numberInt": "0"})"},
        {R"({"$toUpper": "$i"})", R"("7")"},
        {R"({"$toUpper": "$a"})", "error 16007"},
        {R"({"$trim": {"input": "xxaxx", "chars": "x"}})", R"("a")"},
        {R"({"$trim": {"input": "\u00a0 \u2003a"}})", R"("a")"},
        {R"({"$trim": {"input": "a", "chars": 5}})", "error 50700"},
        {R"({"$split": ["-a--b-", "-"]})", R"(["", "a", "", "b", ""])"},
        {R"({"$indexOfCP": ["é€x", "x"]})", R"({"$numberInt": "2"})"},
        {R"({"$toString": {"$numberDouble": "NaN"}})", R"("NaN")"},
        {R"({"$regexFind": {"input": "né€b", "regex": "(z)?(€)b"}})",
         R"({"match": "€b", "idx": {"$numberInt": "2"}, "captures": [null, "€"]})"},
        {R"({"$regexFind": {"input": "ab", "regex": "b(z)?"}})", "error 51156"},
        {R"({"$regexMatch": {"input": "$s", "regex": "$s"}})", "true"},
        {R"({"$regexMatch": {"input": "$s", "regex": "$i"}})", "error 51105"},
        {R"({"$regexMatch": {"input": "$s", "regex": "a", "options": "q"}})", "error 51108"},
        // Arrays, sets, objects.
        {R"({"$slice": ["$a", -2, 1]})", R"([{"$numberInt": "1"}])"},
        {R"({"$slice": ["$a", -9, 2]})", R"([{"$numberInt": "3"}, {"$numberInt": "1"}])"},
        {R"({"$reverseArray": "$a"})", R"([{"$numberInt": "2"}, {"$numberInt": "1"}, {"$numberInt": "3"}])"},
        {R"({"$concatArrays": ["$a", "$z"]})", "null"},
        {R"({"$concatArrays": ["$e", [1]]})", R"([{"$numberInt": "1"}])"},
        {R"({"$range": [0, 5, 0]})", "error 34449"},
        {R"({"$range": [-2147483648, 2147483647]})", "error 146"},
        {R"({"$setIntersection": [[1.0, 2, 3], [1, {"$numberLong": "2"}]]})", R"([{"$numberInt": "1"}, {"$numberLong": "2"}])"},
        {R"({"$setEquals": [[1]]})", "error 17045"},
        {R"({"$arrayToObject": [[{"k": "a", "v": 1}, {"k": "a", "v": 2}]]})", R"({"a": {"$numberInt": "2"}})"},
        {R"({"$arrayToObject": [[{"k": "a", "v": 1}, ["b", 2]]]})", "error 40391"},
        {R"({"$arrayToObject": [[["b", 2], {"k": "a", "v": 1}]]})", "error 40396"},
        {R"({"$arrayToObject": [[["b"]]]})", "error 40397"},
        {R"({"$arrayToObject": [[[1, 2]]]})", "error 40395"},
        {R"({"$objectToArray": "$a"})", "error 40390"},
        {R"({"$mergeObjects": ["$o", {"x": 9, "n": 1}]})",
         R"({"x": {"$numberInt": "9"}, "y": {"w": {"$numberInt": "2"}}, "n": {"$numberInt": "1"}})"},
        {R"({"$zip": {"inputs": ["$a"], "defaults": [1]}})", "error 34466"},
        {R"({"$zip": {"inputs": ["$a", "$i"]}})", "error 34468"},
        {R"({"$stdDevPop": [1, 2, 3, 4]})", R"({"$numberDouble": "1.118033988749895"})"},
        {R"({"$max": ["$a", 5]})", R"([{"$numberInt": "3"}, {"$numberInt": "1"}, {"$numberInt": "2"}])"},
        // Dates.
        {R"({"$dateToParts": {"date": "$t", "iso8601": 1}})", "error 40521"},
        {R"({"$dateFromParts": {"year": 2026, "month": 0, "day": 0}})", R"({"$date": {"$numberLong": "1764460800000"}})"},
        {R"({"$dateFromParts": {"isoWeekYear": 2026, "isoWeek": 5, "isoDayOfWeek": 2}})", R"({"$date": {"$numberLong": "1769472000000"}})"},
        {R"({"$dateFromParts": {"year": 2026, "isoWeek": 1}})", "error 40489"},
        {R"({"$dateFromParts": {"year": 10000}})", "error 40523"},
        {R"({"$dateFromString": {"dateString": "nope", "onError": "bad"}})", R"("bad")"},
        {R"({"$dateFromString": {"dateString": "2026-01-27Z", "timezone": "UTC"}})", "error 241"},
        {R"({"$dateFromString": {"dateString": "2026", "format": "%Y"}})", "error 241"},
        {R"({"$dateToString": {"date": "$t", "format": 5}})", "error 18533"},
        {R"({"$dateToString": {"date": "$t", "format": "%"}})", "error 18535"},
        {R"({"$year": ["$t", "$t"]})", "error 40536"},
        {R"({"$year": {"timezone": "UTC"}})", "error 40539"},
        {R"({"$year": {"date": "$t", "zone": "UTC"}})", "error 40535"},
        // Types.
        {R"({"$convert": {"input": 1.9, "to": "long"}})", R"({"$numberLong": "1"})"},
        {R"({"$convert": {"input": 1, "to": "object"}})", "error 241"},
        {R"({"$convert": {"input": 1, "to": "object", "onError": 0}})", R"({"$numberInt": "0"})"},
        {R"({"$convert": {"input": 1, "to": null}})", "null"},
        {R"({"$toInt": {"$numberLong": "2147483648"}})", "error 241"},
        {R"({"$toDouble": "1e400"})", "error 241"},
        // Errors in constant parts are found while parsing, as 4.2 folds them, taken branch or not.
        {R"({"$cond": [true, 1, {"$divide": [1, 0]}]})", "error 16608"},
        {R"({"$cond": ["$i", 1, {"$divide": ["$i", 0]}]})", R"({"$numberInt": "1"})"},
    };
    // clang-format on
    return kCases;
}

TEST(Expression, GivesWhatTheTableSays) {
    for (const ExpressionCase& each : cases()) {
        EXPECT_EQ(evaluated(each.expression), each.expected) << each.expression;
    }
}

// Parts that are constant are combined; the value must not change by it.
TEST(Expression, FoldsWithoutChangingTheValue) {
    for (const char* op : {"$add", "$multiply"}) {
        const std::string name{op};
        EXPECT_EQ(evaluated("{\"" + name + "\": [2, \"$i\", 3]}"),
                  evaluated("{\"" + name + "\": [\"$i\", {\"" + name + "\": [2, 3]}]}"));
    }
}

TEST(Expression, TellsWhatItReads) {
    const auto spec = bson::from_json(
        R"({"e": {"$map": {"input": "$a.b", "in": {"$add": ["$$this.c", "$d", "$$ROOT.f"]}}}})");
    ASSERT_TRUE(spec.ok());
    VariableScope scope;
    const auto expression = parse_expression(spec->find("e"), scope, {});
    ASSERT_TRUE(expression.ok());
    Dependencies dependencies;
    (*expression)->add_dependencies(dependencies);
    EXPECT_EQ(dependencies.paths, (std::set<std::string>{"a.b", "d", "f"}));
    EXPECT_FALSE(dependencies.whole);
}

// No operator without a case, here or among the recordings.
TEST(Expression, EveryOperatorHasACase) {
    const auto path = std::filesystem::path{__FILE__}.parent_path() /
                      "../../../tests/conformance/expression.jsonl";
    std::ifstream file{path};
    ASSERT_TRUE(file.is_open());
    std::stringstream text;
    text << file.rdbuf();
    for (const ExpressionCase& each : cases()) {
        text << each.expression;
    }
    const std::string all = text.str();
    for (const OperatorRow& row : all_operators()) {
        const bool has_case = all.find("\"" + std::string{row.name} + "\"") != std::string::npos;
        EXPECT_TRUE(has_case || !row.refused.empty()) << row.name;
    }
}

}  // namespace

}  // namespace plumb::query
