// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/crypto.h"
#include "engine/commands/client_login.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_arguments.h"
#include "engine/commands/user_catalog.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr std::size_t kUuidBytes = 16;
constexpr auto kFields = std::to_array<FieldRule>({
    {"pwd", kString},
    {"customData", kDocument},
    {"roles", kArray, Need::Required},
    {"mechanisms", kArray},
    {"digestPassword", kBool},
    {"authenticationRestrictions", kArray},
});

// The first user is made without a log-in, once: whoever comes second must have logged in.
Status check_first_user(const CommandContext& context) {
    const bool may_pass = !context.service.options.require_login || is_logged_in(context.client) ||
                          context.service.users->empty();
    return may_pass ? Status{}
                    : Status{fail(ErrorCode::Unauthorized,
                                  "command createUser requires authentication")};
}

}  // namespace

Status run_create_user(CommandContext& context, bson::Builder&) {
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "createUser",
                              .rules = kFields,
                              .unknown = ErrorCode::BadValue,
                              .missing = ErrorCode::BadValue}));
    PLUMB_TRY(name, user_name(context));
    if (context.database() == "local") {
        return fail(ErrorCode::BadValue, "Cannot create users in the local database");
    }
    if (!context.command.has("pwd")) {
        return fail(ErrorCode::BadValue,
                    "Must provide a 'pwd' field for all user documents, except those with "
                    "'$external' as the user's source db");
    }
    PLUMB_CHECK(refuse_restrictions(context.command));
    UserRecord user;
    user.name = name;
    user.database = context.database();
    PLUMB_TRY(roles, parse_roles(context, "roles"));
    user.roles = std::move(roles);
    PLUMB_CHECK(set_password(context, user));
    PLUMB_TRY(uuid, auth::random_bytes(kUuidBytes));
    uuid[6] = static_cast<char>((static_cast<unsigned char>(uuid[6]) & 0x0FU) | 0x40U);
    uuid[8] = static_cast<char>((static_cast<unsigned char>(uuid[8]) & 0x3FU) | 0x80U);
    user.uuid = std::move(uuid);
    if (const bson::ValueView data = context.command.find("customData"); !data.nullish()) {
        user.custom_data = bson::Document{data.as_document()};
    }
    const auto guard = lock_users(context);
    if (!guard.ok()) {
        return guard.error();
    }
    PLUMB_CHECK(check_first_user(context));
    return context.service.users->add(context.operation, std::move(user));
}

}  // namespace plumb::commands
