// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/fields.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::commands {
namespace {

constexpr auto kRules = std::to_array<FieldRule>({
    {"key", kString, Need::Required},
    {"query", kDocument},
    {"limit", kNumber},
});

ErrorCode check(const char* json) {
    const bson::Document command = bson::from_json(json).value();
    const Status status = check_fields(command, {.structure = "test", .rules = kRules});
    return status.ok() ? ErrorCode::Ok : status.error().code();
}

TEST(Fields, AcceptsWhatTheTableSays) {
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "query": {}, "limit": 3.5})"), ErrorCode::Ok);
}

TEST(Fields, SkipsGenericFields) {
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "$db": "d", "lsid": {}, "comment": 1})"),
              ErrorCode::Ok);
}

TEST(Fields, TakesNullForAbsent) {
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "query": null})"), ErrorCode::Ok);
    EXPECT_EQ(check(R"({"test": "c", "key": null})"), ErrorCode::TypeMismatch);
}

TEST(Fields, RefusesWhatIsUnknownMissingDoubleOrOfAnotherType) {
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "bogus": 1})"), ErrorCode{40415});
    EXPECT_EQ(check(R"({"test": "c"})"), ErrorCode{40414});
    EXPECT_EQ(check(R"({"test": "c", "key": 5})"), ErrorCode::TypeMismatch);
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "limit": "x"})"), ErrorCode::TypeMismatch);
    EXPECT_EQ(check(R"({"test": "c", "key": "a", "key": "b"})"), ErrorCode{40413});
}

TEST(Fields, CollationsOtherThanSimpleAreRefused) {
    const bson::Document given =
        bson::from_json(
            R"({"none": null, "simple": {"locale": "simple"}, "german": {"locale": "de"}})")
            .value();
    EXPECT_TRUE(check_collation(given.find("none")).ok());
    EXPECT_TRUE(check_collation(given.find("simple")).ok());
    const Status german = check_collation(given.find("german"));
    ASSERT_FALSE(german.ok());
    EXPECT_EQ(german.error().code(), ErrorCode::CommandNotSupported);
}

}  // namespace
}  // namespace plumb::commands
