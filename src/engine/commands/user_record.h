// SPDX-License-Identifier: GPL-3.0-or-later
// A user as admin.system.users keeps it: names, roles, and what log-ins are checked against. No
// password is kept, and nothing a password could be read from without trying all of them.
//
//   {_id: "shop.ann", userId: UUID, user: "ann", db: "shop", credentials: {"SCRAM-SHA-256":
//    {iterationCount, salt, storedKey, serverKey}}, customData: {…}, roles: [{role, db}]}
//
// Format   MongoDB's of schema version 5 (3.0 to 4.2)
// Threads  value types.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/auth/scram.h"
#include "engine/commands/roles.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::commands {

struct UserRecord {
    std::string name;
    std::string database;
    std::string uuid;  // 16 bytes
    std::vector<RoleName> roles;
    std::optional<auth::ScramCredentials> sha1;
    std::optional<auth::ScramCredentials> sha256;
    std::optional<bson::Document> custom_data;

    // "shop.ann"
    [[nodiscard]] std::string id() const { return database + "." + name; }
    [[nodiscard]] const std::optional<auth::ScramCredentials>& credentials(auth::Hash hash) const {
        return hash == auth::Hash::Sha1 ? sha1 : sha256;
    }
    [[nodiscard]] Privileges privileges() const;
};

[[nodiscard]] bson::Document to_document(const UserRecord& user);
// errors  UnsupportedFormat (12) naming the user and the field
[[nodiscard]] Result<UserRecord> parse_user_record(bson::View document);

// The pieces that usersInfo shows as well.
void append_credentials(const UserRecord& user, bson::Builder& out);
void append_mechanisms(const UserRecord& user, bson::Builder& out, std::string_view field);
void append_roles(const std::vector<RoleName>& roles, bson::Builder& out, std::string_view field);

}  // namespace plumb::commands
