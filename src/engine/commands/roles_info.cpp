// SPDX-License-Identifier: GPL-3.0-or-later
// rolesInfo; and the commands on roles that users define, of which there are none.
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/roles.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"showPrivileges", kBool},
    {"showBuiltinRoles", kBool},
    {"showAuthenticationRestrictions", kBool},
});

// {rolesInfo: 1, showBuiltinRoles: true} or names: strings and {role, db}.
Result<std::vector<RoleName>> wanted_roles(const CommandContext& context) {
    const bson::ValueView which = context.command.front().value;
    if (which.is_number()) {
        return bool_or(context.command, "showBuiltinRoles", false)
                   ? roles_of_database(context.database())
                   : std::vector<RoleName>{};
    }
    std::vector<RoleName> out;
    const auto add = [&](bson::ValueView value) {
        if (value.type() == bson::Type::String) {
            out.push_back({std::string{value.as_string()}, std::string{context.database()}});
        } else if (value.type() == bson::Type::Document) {
            const bson::View role = value.as_document();
            out.push_back({std::string{string_or(role, "role", "")},
                           std::string{string_or(role, "db", context.database())}});
        } else {
            return false;
        }
        return true;
    };
    bool named = true;
    if (which.type() == bson::Type::Array) {
        for (const bson::Element& each : which.as_array()) {
            named = named && add(each.value);
        }
    } else {
        named = add(which);
    }
    if (!named) {
        return fail(ErrorCode::BadValue, "Role names must be either strings or objects");
    }
    return out;
}

void append_role(const RoleName& role, bool with_privileges, bson::Builder& out) {
    out.push_document();
    out.append("role", role.role);
    out.append("db", role.database);
    out.append("isBuiltin", true);
    // MongoDB's built-in roles consist of privileges only, also those that contain another's.
    out.begin_array("roles").end();
    out.begin_array("inheritedRoles").end();
    if (with_privileges) {
        Privileges granted;
        grant_role(role, granted);
        granted.append_to(out, "privileges");
        granted.append_to(out, "inheritedPrivileges");
    }
    out.end();
}

}  // namespace

Status run_roles_info(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "rolesInfo",
                              .rules = kFields,
                              .unknown = ErrorCode::BadValue,
                              .missing = ErrorCode::BadValue}));
    PLUMB_TRY(roles, wanted_roles(context));
    const bool with_privileges = bool_or(context.command, "showPrivileges", false);
    reply.begin_array("roles");
    for (const RoleName& role : roles) {
        if (is_builtin_role(role)) {
            append_role(role, with_privileges, reply);
        }
    }
    reply.end();
    return {};
}

Status run_custom_role(CommandContext& context, bson::Builder&) {
    return fail(ErrorCode::CommandNotSupported,
                fmt::format("{} is not available in plumbd: there are the built-in roles only; see "
                            "rolesInfo with showBuiltinRoles: true",
                            context.command.front().name));
}

}  // namespace plumb::commands
