// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"

namespace plumb::commands {

Status run_list_commands(CommandContext&, bson::Builder& reply) {
    reply.begin_document("commands");
    for (const CommandRow& row : command_table()) {
        reply.begin_document(row.name);
        reply.append("help", row.help);
        reply.append("slaveOk", true);
        reply.append("adminOnly", row.on == RunsOn::AdminOnly);
        reply.end();
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
