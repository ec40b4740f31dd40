// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"

namespace plumb::commands {

// There are no users: whoever reaches the loopback port may do everything.
Status run_connection_status(CommandContext& context, bson::Builder& reply) {
    reply.begin_document("authInfo");
    reply.begin_array("authenticatedUsers").end();
    reply.begin_array("authenticatedUserRoles").end();
    if (bool_or(context.command, "showPrivileges", false)) {
        reply.begin_array("authenticatedUserPrivileges").end();
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
