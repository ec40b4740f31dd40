// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

Status run_fsync(CommandContext& context, bson::Builder& reply) {
    if (bool_or(context.command, "lock", false)) {
        return fail(ErrorCode::CommandNotSupported,
                    "plumbd cannot be locked for a backup; stop it and copy its data directory");
    }
    PLUMB_CHECK(context.service.engine.checkpoint());
    reply.append("numFiles", 1);
    return {};
}

}  // namespace plumb::commands
