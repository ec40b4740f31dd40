// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/user_record.h"

#include "engine/auth/crypto.h"
#include "engine/commands/fields.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr std::uint8_t kUuidSubtype = 4;
constexpr auto kHashes = std::to_array<auth::Hash>({auth::Hash::Sha1, auth::Hash::Sha256});

Error broken(bson::View document, std::string_view what) {
    return fail(ErrorCode::UnsupportedFormat,
                fmt::format("the user {} of admin.system.users has no usable {}",
                            string_or(document, "_id", "without _id"),
                            what));
}

// A string field of these credentials, decoded; nothing if it is not that.
std::optional<std::string> decoded(bson::View credentials, std::string_view field) {
    const bson::ValueView text = credentials.find(field);
    return text.type() == bson::Type::String ? auth::from_base64(text.as_string()) : std::nullopt;
}

std::optional<auth::ScramCredentials> parse_credentials(auth::Hash hash, bson::View document) {
    const auto iterations = integer(document, "iterationCount");
    auto salt = decoded(document, "salt");
    auto stored_key = decoded(document, "storedKey");
    auto server_key = decoded(document, "serverKey");
    const std::size_t bytes = auth::hash_bytes(hash);
    const bool usable = iterations && *iterations > 0 && *iterations < 1'000'000'000 && salt &&
                        stored_key && stored_key->size() == bytes && server_key &&
                        server_key->size() == bytes;
    if (!usable) {
        return std::nullopt;
    }
    auth::ScramCredentials out;
    out.iterations = static_cast<std::int32_t>(*iterations);
    out.salt = std::move(*salt);
    out.stored_key = std::move(*stored_key);
    out.server_key = std::move(*server_key);
    return out;
}

Status read_credentials(bson::View document, UserRecord& out) {
    for (const auth::Hash hash : kHashes) {
        const bson::View all = document_or_empty(document, "credentials");
        const bson::ValueView found = all.find(auth::mechanism_name(hash));
        if (found.missing()) {
            continue;
        }
        auto parsed = found.type() == bson::Type::Document
                          ? parse_credentials(hash, found.as_document())
                          : std::nullopt;
        if (!parsed) {
            return broken(document, "credentials");
        }
        (hash == auth::Hash::Sha1 ? out.sha1 : out.sha256) = std::move(parsed);
    }
    return {};
}

Status read_roles(bson::View document, UserRecord& out) {
    const bson::ValueView roles = document.find("roles");
    if (roles.type() != bson::Type::Array) {
        return broken(document, "roles");
    }
    for (const bson::Element& each : roles.as_array()) {
        if (each.value.type() != bson::Type::Document) {
            return broken(document, "roles");
        }
        const bson::View role = each.value.as_document();
        if (role.find("role").type() != bson::Type::String ||
            role.find("db").type() != bson::Type::String) {
            return broken(document, "roles");
        }
        out.roles.push_back(
            {std::string{role.find("role").as_string()}, std::string{role.find("db").as_string()}});
    }
    return {};
}

}  // namespace

Privileges UserRecord::privileges() const {
    Privileges out;
    for (const RoleName& role : roles) {
        grant_role(role, out);
    }
    return out;
}

void append_credentials(const UserRecord& user, bson::Builder& out) {
    out.begin_document("credentials");
    for (const auth::Hash hash : kHashes) {
        const auto& credentials = user.credentials(hash);
        if (!credentials) {
            continue;
        }
        out.begin_document(auth::mechanism_name(hash));
        out.append("iterationCount", credentials->iterations);
        out.append("salt", auth::to_base64(credentials->salt));
        out.append("storedKey", auth::to_base64(credentials->stored_key));
        out.append("serverKey", auth::to_base64(credentials->server_key));
        out.end();
    }
    out.end();
}

void append_mechanisms(const UserRecord& user, bson::Builder& out, std::string_view field) {
    out.begin_array(field);
    for (const auth::Hash hash : kHashes) {
        if (user.credentials(hash)) {
            out.push(auth::mechanism_name(hash));
        }
    }
    out.end();
}

void append_roles(const std::vector<RoleName>& roles, bson::Builder& out, std::string_view field) {
    out.begin_array(field);
    for (const RoleName& role : roles) {
        out.push_document();
        out.append("role", role.role);
        out.append("db", role.database);
        out.end();
    }
    out.end();
}

bson::Document to_document(const UserRecord& user) {
    bson::Builder out;
    out.append("_id", user.id());
    out.append_binary("userId", {kUuidSubtype, user.uuid});
    out.append("user", user.name);
    out.append("db", user.database);
    append_credentials(user, out);
    if (user.custom_data) {
        out.append("customData", *user.custom_data);
    }
    append_roles(user.roles, out, "roles");
    return out.finish();
}

Result<UserRecord> parse_user_record(bson::View document) {
    UserRecord out;
    out.name = string_or(document, "user", "");
    out.database = string_or(document, "db", "");
    if (out.name.empty() || out.database.empty()) {
        return broken(document, "user and db");
    }
    if (const bson::ValueView id = document.find("userId"); id.type() == bson::Type::Binary) {
        out.uuid = id.as_binary().bytes;
    }
    PLUMB_CHECK(read_credentials(document, out));
    PLUMB_CHECK(read_roles(document, out));
    if (const bson::ValueView data = document.find("customData");
        data.type() == bson::Type::Document) {
        out.custom_data = bson::Document{data.as_document()};
    }
    return out;
}

}  // namespace plumb::commands
