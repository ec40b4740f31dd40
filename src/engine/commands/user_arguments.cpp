// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/user_arguments.h"

#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr std::size_t kUserNameBytesMax = 256;
constexpr std::size_t kPasswordBytesMax = 4096;

Result<RoleName> parse_role(std::string_view database, bson::ValueView value) {
    RoleName out;
    if (value.type() == bson::Type::String) {
        out = {std::string{value.as_string()}, std::string{database}};
    } else if (value.type() == bson::Type::Document) {
        const bson::View role = value.as_document();
        const bool named = role.find("role").type() == bson::Type::String &&
                           role.find("db").type() == bson::Type::String;
        if (!named) {
            return fail(ErrorCode::BadValue, "a role needs the strings 'role' and 'db'");
        }
        out = {std::string{role.find("role").as_string()},
               std::string{role.find("db").as_string()}};
    } else {
        return fail(ErrorCode::BadValue, "Role names must be either strings or objects");
    }
    if (!is_builtin_role(out)) {
        return fail(ErrorCode::RoleNotFound,
                    fmt::format("Could not find role: {}@{}", out.role, out.database));
    }
    return out;
}

// The mechanisms that the command names; both if it names none.
Result<std::vector<auth::Hash>> parse_mechanisms(bson::View command) {
    const bson::ValueView named = command.find("mechanisms");
    if (named.nullish()) {
        return std::vector{auth::Hash::Sha1, auth::Hash::Sha256};
    }
    std::vector<auth::Hash> out;
    for (const bson::Element& each : named.as_array()) {
        const auto hash = each.value.type() == bson::Type::String
                              ? auth::mechanism_of(each.value.as_string())
                              : std::nullopt;
        if (!hash) {
            return fail(ErrorCode::BadValue, "mechanisms may be SCRAM-SHA-1 and SCRAM-SHA-256");
        }
        out.push_back(*hash);
    }
    if (out.empty()) {
        return fail(ErrorCode::BadValue, "mechanisms field must not be empty");
    }
    return out;
}

Result<auth::ScramCredentials> make_credentials(auth::Hash hash,
                                                const UserRecord& user,
                                                std::string_view password,
                                                bool digest) {
    if (digest) {
        return auth::new_credentials(hash, user.name, password);
    }
    if (hash == auth::Hash::Sha256) {
        return fail(ErrorCode::BadValue, "Use of SCRAM-SHA-256 requires undigested passwords");
    }
    PLUMB_TRY(salt, auth::random_bytes(auth::salt_bytes(hash)));
    return auth::derive_credentials(
        hash, password, std::move(salt), auth::default_iterations(hash));
}

}  // namespace

Result<std::string> user_name(const CommandContext& context) {
    const bson::ValueView name = context.command.front().value;
    if (name.type() != bson::Type::String) {
        return fail(
            ErrorCode::TypeMismatch,
            fmt::format("{} needs the user's name as a string", context.command.front().name));
    }
    const std::string_view text = name.as_string();
    const bool usable = !text.empty() && text.size() <= kUserNameBytesMax &&
                        text.find('\0') == std::string_view::npos;
    if (!usable) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("a user's name has 1 to {} bytes and no zero byte", kUserNameBytesMax));
    }
    return std::string{text};
}

Result<std::vector<RoleName>> parse_roles(const CommandContext& context, std::string_view field) {
    const bson::ValueView roles = context.command.find(field);
    if (roles.type() != bson::Type::Array) {
        return fail(ErrorCode::BadValue, fmt::format("\"{}\" must be an array", field));
    }
    std::vector<RoleName> out;
    for (const bson::Element& each : roles.as_array()) {
        PLUMB_TRY(role, parse_role(context.database(), each.value));
        if (std::ranges::find(out, role) == out.end()) {
            out.push_back(std::move(role));
        }
    }
    return out;
}

Status set_password(const CommandContext& context, UserRecord& user) {
    const std::string_view password = string_or(context.command, "pwd", "");
    if (password.empty() || password.size() > kPasswordBytesMax) {
        return fail(ErrorCode::BadValue,
                    password.empty() ? "Password cannot be empty" : "Password is too long");
    }
    PLUMB_TRY(mechanisms, parse_mechanisms(context.command));
    const bool digest = bool_or(context.command, "digestPassword", true);
    std::optional<auth::ScramCredentials> sha1;
    std::optional<auth::ScramCredentials> sha256;
    for (const auth::Hash hash : mechanisms) {
        PLUMB_TRY(credentials, make_credentials(hash, user, password, digest));
        (hash == auth::Hash::Sha1 ? sha1 : sha256) = std::move(credentials);
    }
    user.sha1 = std::move(sha1);
    user.sha256 = std::move(sha256);
    return {};
}

Status refuse_restrictions(bson::View command) {
    const bson::ValueView restrictions = command.find("authenticationRestrictions");
    const bool none = restrictions.nullish() ||
                      (restrictions.type() == bson::Type::Array && restrictions.as_array().empty());
    if (!none) {
        return fail(ErrorCode::BadValue,
                    "authenticationRestrictions are not available in plumbd; restrict addresses "
                    "with --bind and the system's firewall");
    }
    return {};
}

Result<NamespaceLocks::Guard> lock_users(CommandContext& context) {
    return context.service.catalog_locks.lock(kUsersNamespace, context.operation.interrupt);
}

Status change_user(CommandContext& context,
                   std::string_view name,
                   const std::function<Status(UserRecord&)>& change) {
    const auto guard = lock_users(context);
    if (!guard.ok()) {
        return guard.error();
    }
    UserCatalog& users = *context.service.users;
    const auto user = users.find(context.database(), name);
    if (user == nullptr) {
        return user_not_found(context.database(), name);
    }
    UserRecord changed = *user;
    PLUMB_CHECK(change(changed));
    return users.replace(context.operation, std::move(changed));
}

}  // namespace plumb::commands
