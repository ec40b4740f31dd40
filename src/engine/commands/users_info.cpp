// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_catalog.h"
#include "engine/query/matcher.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr std::uint8_t kUuidSubtype = 4;
constexpr auto kFields = std::to_array<FieldRule>({
    {"showCredentials", kBool},
    {"showCustomData", kBool},
    {"showPrivileges", kBool},
    {"showAuthenticationRestrictions", kBool},
    {"filter", kDocument},
});

using Users = std::vector<std::shared_ptr<const UserRecord>>;

Status add_named(const CommandContext& context, bson::ValueView which, Users& out) {
    std::string_view name;
    std::string_view database = context.database();
    if (which.type() == bson::Type::String) {
        name = which.as_string();
    } else if (which.type() == bson::Type::Document) {
        name = string_or(which.as_document(), "user", "");
        database = string_or(which.as_document(), "db", "");
    }
    if (name.empty() || database.empty()) {
        return fail(ErrorCode::BadValue, "UserName must be either a string or an object");
    }
    if (auto user = context.service.users->find(database, name)) {
        out.push_back(std::move(user));
    }
    return {};
}

// {usersInfo: 1}, {usersInfo: {forAllDBs: true}}, or names.
Result<Users> wanted_users(const CommandContext& context) {
    const bson::ValueView which = context.command.front().value;
    Users out;
    const bool all =
        which.type() == bson::Type::Document && bool_or(which.as_document(), "forAllDBs", false);
    if (which.is_number() || all) {
        for (auto& user : context.service.users->all()) {
            if (all || user->database == context.database()) {
                out.push_back(std::move(user));
            }
        }
        return out;
    }
    if (which.type() != bson::Type::Array) {
        PLUMB_CHECK(add_named(context, which, out));
        return out;
    }
    for (const bson::Element& each : which.as_array()) {
        PLUMB_CHECK(add_named(context, each.value, out));
    }
    return out;
}

bson::Document describe(const UserRecord& user, bson::View options) {
    bson::Builder out;
    out.append("_id", user.id());
    out.append_binary("userId", {kUuidSubtype, user.uuid});
    out.append("user", user.name);
    out.append("db", user.database);
    if (bool_or(options, "showCredentials", false)) {
        append_credentials(user, out);
    }
    if (user.custom_data && bool_or(options, "showCustomData", true)) {
        out.append("customData", *user.custom_data);
    }
    append_roles(user.roles, out, "roles");
    if (bool_or(options, "showPrivileges", false)) {
        append_roles(user.roles, out, "inheritedRoles");
        user.privileges().append_to(out, "inheritedPrivileges");
    }
    append_mechanisms(user, out, "mechanisms");
    return out.finish();
}

}  // namespace

Status run_users_info(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "usersInfo",
                              .rules = kFields,
                              .unknown = ErrorCode::BadValue,
                              .missing = ErrorCode::BadValue}));
    PLUMB_TRY(filter, query::Matcher::parse(document_or_empty(context.command, "filter")));
    PLUMB_TRY(users, wanted_users(context));
    reply.begin_array("users");
    for (const auto& user : users) {
        const bson::Document described = describe(*user, context.command);
        if (filter.matches(described)) {
            reply.push(described);
        }
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
