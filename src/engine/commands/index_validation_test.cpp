// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/index_validation.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

storage::IndexSpec parsed(const char* json) {
    return parse_index("shop.orders", bson::from_json(json).value()).value();
}

struct Case {
    const char* json;
    ErrorCode code;
};

TEST(IndexValidation, AcceptsAndRefusesAsMongoDb) {
    const Case cases[] = {
        {R"({"key": {"a": 1}, "name": "a_1"})", ErrorCode::Ok},
        {R"({"key": {"a": 1.5}, "name": "a_1.5"})", ErrorCode::Ok},
        {R"({"key": {"a": "hashed"}, "name": "h"})", ErrorCode::Ok},
        {R"({"key": {"a.b.c": -1, "d": 1}, "name": "x", "unique": true})", ErrorCode::Ok},
        {R"({"key": {"a.$id": 1}, "name": "x"})", ErrorCode::Ok},
        {R"({"key": {"a": 1}, "name": "x", "collation": {"locale": "simple"}})", ErrorCode::Ok},
        {R"({"key": {"a": 1}})", ErrorCode::FailedToParse},
        {R"({"name": "x"})", ErrorCode::FailedToParse},
        {R"({"key": 5, "name": "x"})", ErrorCode::TypeMismatch},
        {R"({"key": {"a": 1}, "name": 5})", ErrorCode::TypeMismatch},
        {R"({"key": {"a": 1}, "name": ""})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "*"})", ErrorCode::BadValue},
        {R"({"key": {}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 0}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": {"$numberDouble": "NaN"}}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": true}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": null}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": "text"}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": "2dsphere"}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": "nope"}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"$**": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a.": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a..b": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"$a": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a.$b": 1}, "name": "x"})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1, "a": -1}, "name": "x"})", ErrorCode::BadValue},
        {R"({"key": {"a": "hashed", "b": 1}, "name": "x"})", ErrorCode{16763}},
        {R"({"key": {"a": "hashed"}, "name": "x", "unique": true})", ErrorCode{16764}},
        {R"({"key": {"_id": -1}, "name": "x"})", ErrorCode::BadValue},
        {R"({"key": {"_id": 1}, "name": "x", "sparse": true})",
         ErrorCode::InvalidIndexSpecificationOption},
        {R"({"key": {"a": 1}, "name": "x", "bogus": 1})",
         ErrorCode::InvalidIndexSpecificationOption},
        {R"({"key": {"a": 1}, "name": "x", "v": 3})", ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "v": "2"})", ErrorCode::TypeMismatch},
        {R"({"key": {"a": 1}, "name": "x", "ns": "shop.other"})", ErrorCode::BadValue},
        {R"({"key": {"a": 1}, "name": "x", "collation": {}})", ErrorCode::BadValue},
        {R"({"key": {"a": 1, "b": 1}, "name": "x", "expireAfterSeconds": 60})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "expireAfterSeconds": -1})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "expireAfterSeconds": "60"})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": {"b": {"$gt": 1, "$lt": 5}}})",
         ErrorCode::Ok},
        {R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": {"b": {"$ne": 1}}})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": {"$or": [{"a": 1}, {"b": 1}]}})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": {"b": {"$exists": false}}})",
         ErrorCode::CannotCreateIndex},
        {R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": 5})",
         ErrorCode::TypeMismatch},
        {R"({"key": {"a": 1}, "name": "x", "sparse": true, "partialFilterExpression": {"b": 1}})",
         ErrorCode::CannotCreateIndex},
    };
    for (const Case& one : cases) {
        const bson::Document spec = bson::from_json(one.json).value();
        const auto parsed_spec = parse_index("shop.orders", spec);
        EXPECT_EQ(parsed_spec.ok() ? ErrorCode::Ok : parsed_spec.error().code(), one.code)
            << one.json;
    }
}

TEST(IndexValidation, TooManyFieldsAreRefused) {
    const auto fields = [](int count) {
        std::string json = R"({"name": "x", "key": {)";
        for (int number = 0; number < count; ++number) {
            json += (number == 0 ? "\"f" : ", \"f") + std::to_string(number) + "\": 1";
        }
        return parse_index("shop.orders", bson::from_json(json + "}}").value()).ok();
    };
    EXPECT_TRUE(fields(32));
    EXPECT_FALSE(fields(33));
}

TEST(IndexValidation, ListsFieldsInMongoDbsOrder) {
    const storage::IndexSpec spec = parsed(
        R"({"expireAfterSeconds": 60, "name": "a_1", "background": true, "key": {"a": 1}, "unique": 1})");
    EXPECT_EQ(bson::to_json(listed_with_namespace(spec, "shop.orders").view()),
              bson::to_json(bson::from_json(R"({"v": 2, "unique": true, "key": {"a": 1},
                  "name": "a_1", "ns": "shop.orders", "expireAfterSeconds": 60,
                  "background": true})")
                                .value()
                                .view()));
}

TEST(IndexValidation, ComparesWithWhatIsThere) {
    const storage::IndexSpec plain = parsed(R"({"key": {"a": 1}, "name": "a_1"})");
    const storage::IndexSpec sparse = parsed(R"({"key": {"c": 1}, "name": "c", "sparse": true})");
    const std::vector<const storage::IndexSpec*> existing{&plain, &sparse};
    const auto fate = [&](const char* json) {
        const auto out = compare_with_existing(parsed(json), existing);
        return out.ok() ? (*out == IndexFate::New ? 0 : 1) : static_cast<int>(out.error().code());
    };
    EXPECT_EQ(fate(R"({"key": {"a": -1}, "name": "a_-1"})"), 0);
    EXPECT_EQ(fate(R"({"key": {"a": 1}, "name": "a_1"})"), 1);
    EXPECT_EQ(fate(R"({"key": {"a": 1.0}, "name": "a_1", "background": true})"), 1);
    EXPECT_EQ(fate(R"({"key": {"b": 1}, "name": "a_1"})"), 86);
    EXPECT_EQ(fate(R"({"key": {"a": 1}, "name": "other"})"), 85);
    EXPECT_EQ(fate(R"({"key": {"a": 1}, "name": "a_1", "unique": true})"), 85);
    EXPECT_EQ(fate(R"({"key": {"c": 1}, "name": "c_1", "sparse": true})"), 85);
    EXPECT_EQ(fate(R"({"key": {"c": 1}, "name": "c"})"), 85);
    EXPECT_EQ(fate(R"({"key": {"a": 1}, "name": "a_1", "expireAfterSeconds": 5})"), 85);
}

}  // namespace
}  // namespace plumb::commands
