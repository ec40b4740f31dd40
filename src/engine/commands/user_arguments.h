// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands on users have in common: names, roles, passwords, and changing one user.
//
// Threads  as CommandContext.
#pragma once

#include "base/result.h"
#include "engine/commands/command.h"
#include "engine/commands/namespace_locks.h"
#include "engine/commands/user_record.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// The user's name from the command's first field. errors: TypeMismatch (14), BadValue if empty
[[nodiscard]] Result<std::string> user_name(const CommandContext& context);

// ["read", {role: "readWrite", db: "shop"}]; a bare name is a role of the command's database.
//   errors  BadValue; RoleNotFound (31) for one that is no built-in role
[[nodiscard]] Result<std::vector<RoleName>> parse_roles(const CommandContext& context,
                                                        std::string_view field);

// Reads pwd, mechanisms and digestPassword into the user's credentials, replacing all of them.
//   errors  BadValue
[[nodiscard]] Status set_password(const CommandContext& context, UserRecord& user);

// authenticationRestrictions is not available. errors: BadValue unless it is absent or empty
[[nodiscard]] Status refuse_restrictions(bson::View command);

// Changes of users are made one at a time.
[[nodiscard]] Result<NamespaceLocks::Guard> lock_users(CommandContext& context);

// Applies `change` to a copy of the user and stores it. errors: UserNotFound (11); those of change
[[nodiscard]] Status change_user(CommandContext& context,
                                 std::string_view name,
                                 const std::function<Status(UserRecord&)>& change);

}  // namespace plumb::commands
