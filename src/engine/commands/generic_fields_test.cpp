// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/generic_fields.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

struct Case {
    const char* json;
    ErrorCode code;
};

TEST(GenericFields, AcceptsAndRefuses) {
    const Case cases[] = {
        {R"({"ping": 1, "$db": "d"})", ErrorCode::Ok},
        {R"({"ping": 1})", ErrorCode{40571}},
        {R"({"ping": 1, "$db": 5})", ErrorCode::TypeMismatch},
        {R"({"ping": 1, "$db": "d", "maxTimeMS": -1})", ErrorCode::BadValue},
        {R"({"ping": 1, "$db": "d", "maxTimeMS": "x"})", ErrorCode::BadValue},
        {R"({"ping": 1, "$db": "d", "maxTimeMS": 3000000000})", ErrorCode::BadValue},
        {R"({"ping": 1, "$db": "d", "writeConcern": {"w": 2}})", ErrorCode::BadValue},
        {R"({"ping": 1, "$db": "d", "writeConcern": {"w": "rack"}})", ErrorCode::BadValue},
        {R"({"ping": 1, "$db": "d", "readConcern": {"level": "local"}})", ErrorCode::Ok},
        {R"({"ping": 1, "$db": "d", "readConcern": {"level": "snapshot"}})",
         ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "readConcern": {"level": "nope"}})", ErrorCode::FailedToParse},
        {R"({"ping": 1, "$db": "d", "txnNumber": 1})", ErrorCode::IllegalOperation},
        {R"({"ping": 1, "$db": "d", "startTransaction": true})", ErrorCode::IllegalOperation},
        {R"({"ping": 1, "$db": "d", "lsid": 5})", ErrorCode::TypeMismatch},
    };
    for (const Case& one : cases) {
        const bson::Document command = bson::from_json(one.json).value();
        const auto parsed = parse_generic_fields(command);
        EXPECT_EQ(parsed.ok() ? ErrorCode::Ok : parsed.error().code(), one.code) << one.json;
    }
}

TEST(GenericFields, OfAReplicaSet) {
    const Case cases[] = {
        {R"({"ping": 1, "$db": "d", "lsid": {"id": 1}, "txnNumber": {"$numberLong": "1"}})",
         ErrorCode::Ok},
        {R"({"ping": 1, "$db": "d", "txnNumber": {"$numberLong": "1"}})",
         ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "lsid": {"id": 1}, "txnNumber": 1})", ErrorCode::TypeMismatch},
        {R"({"ping": 1, "$db": "d", "lsid": {"id": 1}, "txnNumber": {"$numberLong": "-1"}})",
         ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "autocommit": false})", ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "autocommit": true})", ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "startTransaction": true})", ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "readConcern": {"level": "linearizable"}})", ErrorCode::Ok},
        {R"({"ping": 1, "$db": "d", "readConcern": {"atClusterTime": 1}})",
         ErrorCode::InvalidOptions},
        {R"({"ping": 1, "$db": "d", "writeConcern": {"w": 2}})", ErrorCode::Ok},
    };
    for (const Case& one : cases) {
        const bson::Document command = bson::from_json(one.json).value();
        const auto parsed = parse_generic_fields(command, Face::ReplicaSet);
        EXPECT_EQ(parsed.ok() ? ErrorCode::Ok : parsed.error().code(), one.code) << one.json;
    }
    const bson::Document two =
        bson::from_json(R"({"ping": 1, "$db": "d", "writeConcern": {"w": 2}})").value();
    const auto parsed = parse_generic_fields(two, Face::ReplicaSet).value();
    EXPECT_EQ(parsed.unsatisfied->code(), ErrorCode::UnsatisfiableWriteConcern);
}

TEST(GenericFields, WriteConcernDecidesDurability) {
    const auto durability = [](const char* json) {
        const bson::Document command = bson::from_json(json).value();
        return parse_generic_fields(command).value().durability;
    };
    using storage::Durability;
    EXPECT_EQ(durability(R"({"insert": "c", "$db": "d"})"), Durability::Lazy);
    EXPECT_EQ(durability(R"({"insert": "c", "$db": "d", "writeConcern": {"w": 1}})"),
              Durability::Lazy);
    EXPECT_EQ(durability(R"({"insert": "c", "$db": "d", "writeConcern": {"w": 1, "j": true}})"),
              Durability::Journaled);
    EXPECT_EQ(durability(R"({"insert": "c", "$db": "d", "writeConcern": {"w": "majority"}})"),
              Durability::Journaled);
}

TEST(GenericFields, MaxTimeOfZeroMeansNone) {
    const bson::Document none =
        bson::from_json(R"({"ping": 1, "$db": "d", "maxTimeMS": 0})").value();
    EXPECT_FALSE(parse_generic_fields(none).value().max_time);
    const bson::Document some =
        bson::from_json(R"({"ping": 1, "$db": "d", "maxTimeMS": 5})").value();
    EXPECT_EQ(parse_generic_fields(some).value().max_time, std::chrono::milliseconds{5});
}

}  // namespace
}  // namespace plumb::commands
