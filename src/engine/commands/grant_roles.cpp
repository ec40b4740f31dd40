// SPDX-License-Identifier: GPL-3.0-or-later
// grantRolesToUser and revokeRolesFromUser.
#include "engine/commands/command_functions.h"
#include "engine/commands/user_arguments.h"

#include <algorithm>

namespace plumb::commands {

Status run_grant_roles_to_user(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(name, user_name(context));
    PLUMB_TRY(roles, parse_roles(context, "roles"));
    return change_user(context, name, [&](UserRecord& user) {
        for (const RoleName& role : roles) {
            if (std::ranges::find(user.roles, role) == user.roles.end()) {
                user.roles.push_back(role);
            }
        }
        return Status{};
    });
}

Status run_revoke_roles_from_user(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(name, user_name(context));
    PLUMB_TRY(roles, parse_roles(context, "roles"));
    return change_user(context, name, [&](UserRecord& user) {
        std::erase_if(user.roles, [&](const RoleName& role) {
            return std::ranges::find(roles, role) != roles.end();
        });
        return Status{};
    });
}

}  // namespace plumb::commands
