// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"

namespace plumb::commands {

// The shell asks this when it connects; nothing is ever sent anywhere.
Status run_free_monitoring(CommandContext&, bson::Builder& reply) {
    reply.append("state", "disabled");
    reply.append("message", "plumbd has no cloud monitoring");
    return {};
}

}  // namespace plumb::commands
