// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"

namespace plumb::commands {

Status run_whatsmyuri(CommandContext& context, bson::Builder& reply) {
    reply.append("you", context.client.remote_address);
    return {};
}

}  // namespace plumb::commands
