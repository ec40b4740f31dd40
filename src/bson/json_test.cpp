// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::bson {
namespace {

struct RoundTrip {
    std::string canonical;
    std::string relaxed;
};

// The text of each type in both forms.
const RoundTrip kTypes[] = {
    {R"({"a": {"$numberInt": "-7"}})", R"({"a": -7})"},
    {R"({"a": {"$numberLong": "9007199254740993"}})", R"({"a": 9007199254740993})"},
    {R"({"a": {"$numberDouble": "1.0"}})", R"({"a": 1.0})"},
    {R"({"a": {"$numberDouble": "-0.0"}})", R"({"a": -0.0})"},
    {R"({"a": {"$numberDouble": "1e+300"}})", R"({"a": 1e+300})"},
    {R"({"a": {"$numberDouble": "-Infinity"}})", R"({"a": {"$numberDouble": "-Infinity"}})"},
    {R"({"a": {"$numberDouble": "NaN"}})", R"({"a": {"$numberDouble": "NaN"}})"},
    {R"({"a": {"$numberDecimal": "1.20"}})", R"({"a": {"$numberDecimal": "1.20"}})"},
    {R"({"a": "b\u0000\"\\\n"})", R"({"a": "b\u0000\"\\\n"})"},
    {R"({"a": {"b": [true, null, {}]}, "c": []})", R"({"a": {"b": [true, null, {}]}, "c": []})"},
    {R"({"a": {"$oid": "5f3e8c0a1b2c3d4e5f607182"}})",
     R"({"a": {"$oid": "5f3e8c0a1b2c3d4e5f607182"}})"},
    {R"({"a": {"$date": {"$numberLong": "1614834367008"}}})",
     R"({"a": {"$date": "2021-03-04T05:06:07.008Z"}})"},
    {R"({"a": {"$date": {"$numberLong": "-1"}}})", R"({"a": {"$date": {"$numberLong": "-1"}}})"},
    {R"({"a": {"$timestamp": {"t": 4294967295, "i": 2}}})",
     R"({"a": {"$timestamp": {"t": 4294967295, "i": 2}}})"},
    {R"({"a": {"$binary": {"base64": "AQI=", "subType": "80"}}})",
     R"({"a": {"$binary": {"base64": "AQI=", "subType": "80"}}})"},
    {R"({"a": {"$regularExpression": {"pattern": "^x", "options": "im"}}})",
     R"({"a": {"$regularExpression": {"pattern": "^x", "options": "im"}}})"},
    {R"({"a": {"$dbPointer": {"$ref": "d.c", "$id": {"$oid": "5f3e8c0a1b2c3d4e5f607182"}}}})",
     R"({"a": {"$dbPointer": {"$ref": "d.c", "$id": {"$oid": "5f3e8c0a1b2c3d4e5f607182"}}}})"},
    {R"({"a": {"$code": "f;"}})", R"({"a": {"$code": "f;"}})"},
    {R"({"a": {"$code": "f;", "$scope": {"x": {"$numberInt": "1"}}}})",
     R"({"a": {"$code": "f;", "$scope": {"x": 1}}})"},
    {R"({"a": {"$symbol": "s"}})", R"({"a": {"$symbol": "s"}})"},
    {R"({"a": {"$undefined": true}, "b": {"$minKey": 1}, "c": {"$maxKey": 1}})",
     R"({"a": {"$undefined": true}, "b": {"$minKey": 1}, "c": {"$maxKey": 1}})"},
};

TEST(Json, WritesAndReadsEveryType) {
    for (const RoundTrip& type : kTypes) {
        const Result<Document> document = from_json(type.canonical);
        ASSERT_TRUE(document.ok()) << type.canonical << ": " << document.error().message();
        EXPECT_EQ(to_json(*document, JsonMode::Canonical), type.canonical);
        EXPECT_EQ(to_json(*document, JsonMode::Relaxed), type.relaxed);
        const Result<Document> relaxed = from_json(type.relaxed);
        ASSERT_TRUE(relaxed.ok()) << type.relaxed;
        EXPECT_EQ(to_json(*relaxed, JsonMode::Canonical), type.canonical);
    }
}

struct Reading {
    std::string text;
    std::string canonical;
};

// Forms that are read but never written.
const Reading kReadings[] = {
    {"{a: 1, $or: [{b_2: 'x\"y'}]}", R"({"a": {"$numberInt": "1"}, "$or": [{"b_2": "x\"y"}]})"},
    {R"({"a": 2147483648})", R"({"a": {"$numberLong": "2147483648"}})"},
    {R"({"a": 9223372036854775808})", R"({"a": {"$numberDouble": "9223372036854775808.0"}})"},
    {R"({"a": "\ud83d\ude00\u00e9"})", "{\"a\": \"\xF0\x9F\x98\x80\xC3\xA9\"}"},
    {R"({"a": {"$date": "1970-01-01T05:30:00+05:30"}})",
     R"({"a": {"$date": {"$numberLong": "0"}}})"},
    {R"({"a": {"$date": "1969-12-31T23:59:59.9-0000"}})",
     R"({"a": {"$date": {"$numberLong": "-100"}}})"},
    {R"({"a": {"$date": 5}})", R"({"a": {"$date": {"$numberLong": "5"}}})"},
    {R"({"a": {"$uuid": "00112233-4455-6677-8899-aabbccddeeff"}})",
     R"({"a": {"$binary": {"base64": "ABEiM0RVZneImaq7zN3u/w==", "subType": "04"}}})"},
    {R"({"a": {"$binary": "AA==", "$type": "0"}})",
     R"({"a": {"$binary": {"base64": "AA==", "subType": "00"}}})"},
    {R"({"a": {"$regularExpression": {"pattern": "p", "options": "mi"}}})",
     R"({"a": {"$regularExpression": {"pattern": "p", "options": "im"}}})"},
    {R"({"a": {"$regex": "x", "$options": "i"}})", R"({"a": {"$regex": "x", "$options": "i"}})"},
    {R"({"a": {"$gt": 1}})", R"({"a": {"$gt": {"$numberInt": "1"}}})"},
    {R"({"a": {"x": 1, "$oid": "no"}})", R"({"a": {"x": {"$numberInt": "1"}, "$oid": "no"}})"},
};

TEST(Json, ReadsOtherForms) {
    for (const Reading& reading : kReadings) {
        const Result<Document> document = from_json(reading.text);
        ASSERT_TRUE(document.ok()) << reading.text << ": " << document.error().message();
        EXPECT_EQ(to_json(*document, JsonMode::Canonical), reading.canonical);
    }
}

struct Refusal {
    std::string text;
    std::string place;
};

const Refusal kRefusals[] = {
    {"", "line 1, column 1"},
    {"[]", "line 1, column 1"},
    {"{\"a\": 1,}", "line 1, column 9"},
    {"{\n  \"a\": 1\n  \"b\": 2}", "line 3, column 3"},
    {"{\"\xC3\xA9\": x}", "line 1, column 7"},
    {"{\"a\": 01}", "line 1, column 7"},
    {"{\"a\": 1.}", "line 1, column 7"},
    {"{\"a\": 1e400}", "line 1, column 7"},
    {"{\"a\": -}", "line 1, column 7"},
    {"{\"a\": \"x", "line 1, column 7"},
    {"{\"a\": \"\t\"}", "line 1, column 8"},
    {"{\"a\": \"\\q\"}", "line 1, column 8"},
    {"{\"a\": \"\\ud800\"}", "line 1, column 8"},
    {"{\"a\": \"\\u12g4\"}", "line 1, column 12"},
    {"{\"a\": \"\xFF\"}", "line 1, column 8"},
    {"{\"a\\u0000\": 1}", "line 1, column 2"},
    {"{\"a\": 1} x", "line 1, column 10"},
    {"{\"a\": [1 2]}", "line 1, column 10"},
    {"{\"a\": {\"$oid\": \"5f\"}}", "line 1, column 7"},
    {"{\"a\": {\"$oid\": \"5f3e8c0a1b2c3d4e5f607182\", \"b\": 1}}", "line 1, column 7"},
    {"{\"a\": {\"$numberInt\": \"2147483648\"}}", "line 1, column 7"},
    {"{\"a\": {\"$numberLong\": 5}}", "line 1, column 7"},
    {"{\"a\": {\"$numberDouble\": \"1x\"}}", "line 1, column 7"},
    {"{\"a\": {\"$numberDecimal\": \"one\"}}", "line 1, column 7"},
    {"{\"a\": {\"$date\": \"2021-02-30T00:00:00Z\"}}", "line 1, column 7"},
    {"{\"a\": {\"$binary\": {\"base64\": \"A\", \"subType\": \"00\"}}}", "line 1, column 7"},
    {"{\"a\": {\"$timestamp\": {\"t\": -1, \"i\": 0}}}", "line 1, column 7"},
    {"{\"a\": {\"$minKey\": 2}}", "line 1, column 7"},
    {"{\"a\": {\"$undefined\": 1}}", "line 1, column 7"},
};

TEST(Json, NamesThePlaceOfAnError) {
    for (const Refusal& refusal : kRefusals) {
        const Result<Document> document = from_json(refusal.text);
        ASSERT_FALSE(document.ok()) << refusal.text;
        EXPECT_EQ(document.error().code(), ErrorCode::FailedToParse);
        EXPECT_NE(document.error().message().find(refusal.place + ":"), std::string::npos)
            << refusal.text << " gave " << document.error().message();
    }
}

std::string nested_arrays(std::size_t levels) {
    return "{\"a\": " + std::string(levels, '[') + std::string(levels, ']') + "}";
}

TEST(Json, RefusesToNestTooDeep) {
    EXPECT_TRUE(from_json(nested_arrays(199)).ok());
    const Result<Document> one_over = from_json(nested_arrays(200));
    ASSERT_FALSE(one_over.ok());
    EXPECT_EQ(one_over.error().code(), ErrorCode::Overflow);
    EXPECT_FALSE(from_json(nested_arrays(1000000)).ok());
}

TEST(Json, IndentsForPeople) {
    const Result<Document> document = from_json(
        "{a: {b: [1, {}], c: []}, d: {$oid: "
        "'5f3e8c0a1b2c3d4e5f607182'}}");
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(to_pretty_json(*document),
              "{\n"
              "  \"a\": {\n"
              "    \"b\": [\n"
              "      1,\n"
              "      {}\n"
              "    ],\n"
              "    \"c\": []\n"
              "  },\n"
              "  \"d\": {\"$oid\": \"5f3e8c0a1b2c3d4e5f607182\"}\n"
              "}");
}

TEST(Json, ReplacesBytesThatAreNoUtf8) {
    const Value value{std::string_view{"a\xFF\xC3\xA9\xE2\x82"}};
    EXPECT_EQ(to_json(value), "\"a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace plumb::bson
