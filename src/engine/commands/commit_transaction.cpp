// SPDX-License-Identifier: GPL-3.0-or-later
// commitTransaction: makes the writes of the session's transaction visible, all at once. Asked for
// again after a success, it says so again.
#include "engine/commands/command_functions.h"
#include "engine/commands/session_registry.h"

namespace plumb::commands {

Status run_commit_transaction(CommandContext& context, bson::Builder&) {
    if (context.session == nullptr) {
        return fail(ErrorCode::InvalidOptions,
                    "commitTransaction must be run within a transaction");
    }
    context.operation.transaction = nullptr;
    return context.session->commit(context.generic.durability);
}

}  // namespace plumb::commands
