// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/user_arguments.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"pwd", kString},
    {"customData", kDocument},
    {"roles", kArray},
    {"mechanisms", kArray},
    {"digestPassword", kBool},
    {"authenticationRestrictions", kArray},
});

// Without a new password only mechanisms that are there can be kept, the others be dropped.
Status keep_mechanisms(bson::ArrayView wanted, UserRecord& user) {
    bool sha1 = false;
    bool sha256 = false;
    for (const bson::Element& each : wanted) {
        const auto hash = each.value.type() == bson::Type::String
                              ? auth::mechanism_of(each.value.as_string())
                              : std::nullopt;
        if (!hash || !user.credentials(*hash)) {
            return fail(ErrorCode::BadValue,
                        "mechanisms field must be a subset of previously set mechanisms");
        }
        (*hash == auth::Hash::Sha1 ? sha1 : sha256) = true;
    }
    if (!sha1 && !sha256) {
        return fail(ErrorCode::BadValue, "mechanisms field must not be empty");
    }
    if (!sha1) {
        user.sha1.reset();
    }
    if (!sha256) {
        user.sha256.reset();
    }
    return {};
}

Status apply(const CommandContext& context, UserRecord& user) {
    const bson::View command = context.command;
    if (command.has("pwd")) {
        PLUMB_CHECK(set_password(context, user));
    } else if (const bson::ValueView wanted = command.find("mechanisms"); !wanted.nullish()) {
        PLUMB_CHECK(keep_mechanisms(wanted.as_array(), user));
    }
    if (const bson::ValueView data = command.find("customData"); !data.nullish()) {
        user.custom_data = bson::Document{data.as_document()};
    }
    if (command.has("roles")) {
        PLUMB_TRY(roles, parse_roles(context, "roles"));
        user.roles = std::move(roles);
    }
    return {};
}

}  // namespace

Status run_update_user(CommandContext& context, bson::Builder&) {
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "updateUser",
                              .rules = kFields,
                              .unknown = ErrorCode::BadValue,
                              .missing = ErrorCode::BadValue}));
    PLUMB_TRY(name, user_name(context));
    PLUMB_CHECK(refuse_restrictions(context.command));
    constexpr auto kChanges =
        std::to_array<std::string_view>({"pwd", "customData", "roles", "mechanisms"});
    bool changes = false;
    for (const std::string_view field : kChanges) {
        changes = changes || context.command.has(field);
    }
    if (!changes) {
        return fail(ErrorCode::BadValue, "Must specify at least one field to update in updateUser");
    }
    return change_user(context, name, [&](UserRecord& user) { return apply(context, user); });
}

}  // namespace plumb::commands
