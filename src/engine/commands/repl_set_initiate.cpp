// SPDX-License-Identifier: GPL-3.0-or-later
// replSetInitiate: the set of --replSet is there from the start, with one member.
#include "engine/commands/command_functions.h"
#include "engine/commands/replica_set.h"

namespace plumb::commands {

Status run_repl_set_initiate(CommandContext& context, bson::Builder&) {
    if (!is_replica_set(context.service)) {
        return fail(ErrorCode::NoReplicationEnabled,
                    "This node was not started with the replSet option");
    }
    return fail(ErrorCode::AlreadyInitialized, "already initialized");
}

}  // namespace plumb::commands
