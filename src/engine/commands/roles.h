// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in roles and what each grants. There are no others: createRole says so.
//
//   Privileges granted;
//   grant_role({"readWrite", "shop"}, granted);
//
// Source   MongoDB manual, "Built-In Roles"; clusterAdmin consists of clusterManager, hostManager
//          and clusterMonitor
// Threads  pure functions.
#pragma once

#include "engine/commands/privileges.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// A role of one database: {role: "readWrite", db: "shop"}.
struct RoleName {
    std::string role;
    std::string database;
    bool operator==(const RoleName&) const = default;
};

// Whether there is such a role in this database: some exist in admin only.
[[nodiscard]] bool is_builtin_role(const RoleName& name);
// Adds what the role and those it consists of grant. An unknown role grants nothing.
void grant_role(const RoleName& name, Privileges& out);
// All roles that exist in a database, sorted by name.
[[nodiscard]] std::vector<RoleName> roles_of_database(std::string_view database);

}  // namespace plumb::commands
