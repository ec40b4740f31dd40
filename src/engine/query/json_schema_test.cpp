// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/json_schema.h"

#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

struct Allowed {
    std::string_view schema;
    std::string_view document;
    bool allowed;
};

class SchemaAllows : public testing::TestWithParam<Allowed> {};

TEST_P(SchemaAllows, AsDraft4Says) {
    const auto schema = parse_json_schema(doc(GetParam().schema));
    ASSERT_TRUE(schema.ok()) << GetParam().schema << ": " << schema.error().message();
    EXPECT_EQ(schema_matches(**schema, doc(GetParam().document)), GetParam().allowed)
        << GetParam().schema << " " << GetParam().document;
}

INSTANTIATE_TEST_SUITE_P(
    Keywords,
    SchemaAllows,
    testing::Values(
        Allowed{R"({"required": ["a"]})", R"({"b": 1})", false},
        Allowed{R"({"properties": {"a": {"bsonType": "int"}}})", R"({"b": "x"})", true},
        Allowed{R"({"properties": {"a": {"bsonType": ["int", "long"]}}})", R"({"a": 1.5})", false},
        Allowed{R"({"properties": {"a": {"type": "number"}}})", R"({"a": 1.5})", true},
        Allowed{R"({"type": "string"})", "{}", false},
        Allowed{R"({"properties": {"a": {"exclusiveMinimum": true, "minimum": 5}}})",
                R"({"a": 5})",
                false},
        Allowed{R"({"properties": {"a": {"minimum": 5}}})", R"({"a": "x"})", true},
        Allowed{R"({"properties": {"a": {"multipleOf": 0.1}}})", R"({"a": 0.3})", true},
        Allowed{R"({"properties": {"a": {"maxLength": 2}}})", R"({"a": "éé"})", true},
        Allowed{R"({"properties": {"a": {"pattern": "^x"}}})", R"({"a": "ax"})", false},
        Allowed{R"({"properties": {"a": {"uniqueItems": true}}})",
                R"({"a": [{"x": 1, "y": 2}, {"y": 2, "x": 1}]})",
                false},
        Allowed{
            R"({"properties": {"a": {"items": [{"type": "number"}], "additionalItems": false}}})",
            R"({"a": [1, 2]})",
            false},
        Allowed{
            R"({"additionalProperties": false, "patternProperties": {"^x": {"type": "number"}}})",
            R"({"x1": 1})",
            true},
        Allowed{R"({"additionalProperties": false})", R"({"a": 1})", false},
        Allowed{R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})", false},
        Allowed{R"({"dependencies": {"a": {"required": ["c"]}}})", R"({"b": 1})", true},
        Allowed{R"({"properties": {"a": {"enum": [1, "x"]}}})", R"({"a": 1.0})", true},
        Allowed{R"({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})",
                R"({"a": 1, "b": 1})",
                false},
        Allowed{R"({"not": {"required": ["a"]}})", R"({"a": 1})", false},
        Allowed{R"({"maxProperties": 1, "title": "t", "description": "d"})",
                R"({"a": 1, "b": 1})",
                false}));

struct Refused {
    std::string_view schema;
    ErrorCode code;
};

class SchemaRefuses : public testing::TestWithParam<Refused> {};

TEST_P(SchemaRefuses, WithTheServersCode) {
    const auto schema = parse_json_schema(doc(GetParam().schema));
    ASSERT_FALSE(schema.ok()) << GetParam().schema;
    EXPECT_EQ(schema.error().code(), GetParam().code) << GetParam().schema;
}

INSTANTIATE_TEST_SUITE_P(
    Keywords,
    SchemaRefuses,
    testing::Values(Refused{R"({"foo": 1})", ErrorCode::FailedToParse},
                    Refused{R"({"$schema": "x"})", ErrorCode::FailedToParse},
                    Refused{R"({"type": "integer"})", ErrorCode::FailedToParse},
                    Refused{R"({"bsonType": "nope"})", ErrorCode::BadValue},
                    Refused{R"({"bsonType": 2})", ErrorCode::TypeMismatch},
                    Refused{R"({"type": "number", "bsonType": "int"})", ErrorCode::FailedToParse},
                    Refused{R"({"minimum": "x"})", ErrorCode::TypeMismatch},
                    Refused{R"({"exclusiveMaximum": true})", ErrorCode::FailedToParse},
                    Refused{R"({"required": []})", ErrorCode::FailedToParse},
                    Refused{R"({"required": ["a", "a"]})", ErrorCode::FailedToParse},
                    Refused{R"({"properties": {"a": 1}})", ErrorCode::TypeMismatch},
                    Refused{R"({"minLength": -1})", ErrorCode::FailedToParse},
                    Refused{R"({"enum": []})", ErrorCode::FailedToParse},
                    Refused{R"({"multipleOf": 0})", ErrorCode::FailedToParse}));

}  // namespace
}  // namespace plumb::query
