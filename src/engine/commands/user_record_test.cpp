// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/user_record.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::commands {
namespace {

UserRecord ann() {
    UserRecord user;
    user.name = "ann";
    user.database = "shop";
    user.uuid = std::string(16, 'u');
    user.roles = {{"read", "shop"}, {"readWrite", "other"}};
    user.sha256 = auth::derive_credentials(auth::Hash::Sha256, "pencil", std::string(28, 's'), 10);
    return user;
}

TEST(UserRecord, ReadsWhatItWrites) {
    const bson::Document written = to_document(ann());
    const auto read = parse_user_record(written);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->id(), "shop.ann");
    EXPECT_EQ(read->uuid, ann().uuid);
    EXPECT_EQ(read->roles, ann().roles);
    EXPECT_FALSE(read->sha1.has_value());
    ASSERT_TRUE(read->sha256.has_value());
    EXPECT_EQ(read->sha256->stored_key, ann().sha256->stored_key);
    EXPECT_EQ(to_document(*read).bytes(), written.bytes());
}

TEST(UserRecord, KeepsNoPassword) {
    EXPECT_EQ(to_document(ann()).bytes().find("pencil"), std::string::npos);
}

TEST(UserRecord, RefusesRecordsThatSomebodyElseBroke) {
    constexpr auto kBroken = std::to_array<std::string_view>({
        R"({})",
        R"({"user": "a", "roles": []})",
        R"({"user": "a", "db": "d"})",
        R"({"user": "a", "db": "d", "roles": [1]})",
        R"({"user": "a", "db": "d", "roles": [{"role": "read"}]})",
        R"({"user": "a", "db": "d", "roles": [], "credentials": {"SCRAM-SHA-1": 1}})",
        R"({"user": "a", "db": "d", "roles": [], "credentials": {"SCRAM-SHA-1":
            {"iterationCount": 10, "salt": "AAAA", "storedKey": "AAAA", "serverKey": "AAAA"}}})",
    });
    for (const std::string_view json : kBroken) {
        const auto document = bson::from_json(json);
        ASSERT_TRUE(document.ok());
        const auto read = parse_user_record(*document);
        ASSERT_FALSE(read.ok()) << json;
        EXPECT_EQ(read.error().code(), ErrorCode::UnsupportedFormat);
    }
}

}  // namespace
}  // namespace plumb::commands
