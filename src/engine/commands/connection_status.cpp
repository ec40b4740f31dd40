// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/client_login.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"

namespace plumb::commands {

Status run_connection_status(CommandContext& context, bson::Builder& reply) {
    const ClientLogin& login = login_of(context.client);
    std::vector<RoleName> roles;
    Privileges privileges;
    reply.begin_document("authInfo");
    reply.begin_array("authenticatedUsers");
    for (const LoggedInUser& each : login.users) {
        reply.push_document();
        reply.append("user", each.record->name);
        reply.append("db", each.record->database);
        reply.end();
        roles.insert(roles.end(), each.record->roles.begin(), each.record->roles.end());
        for (const Privilege& privilege : each.privileges.list()) {
            privileges.add(privilege);
        }
    }
    reply.end();
    append_roles(roles, reply, "authenticatedUserRoles");
    if (bool_or(context.command, "showPrivileges", false)) {
        privileges.append_to(reply, "authenticatedUserPrivileges");
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
