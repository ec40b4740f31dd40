// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

Status run_get_cmd_line_opts(CommandContext& context, bson::Builder& reply) {
    const ServiceOptions& options = context.service.options;
    reply.begin_array("argv");
    for (const std::string& argument : options.command_line) {
        reply.push(argument);
    }
    reply.end();
    reply.begin_document("parsed");
    reply.begin_document("net").append("port", static_cast<std::int32_t>(options.port)).end();
    reply.begin_document("storage").append("dbPath", options.data_directory).end();
    reply.end();
    return {};
}

}  // namespace plumb::commands
