// SPDX-License-Identifier: GPL-3.0-or-later
// abortTransaction: takes back the writes of the session's transaction.
#include "engine/commands/command_functions.h"
#include "engine/commands/session_registry.h"

namespace plumb::commands {

Status run_abort_transaction(CommandContext& context, bson::Builder&) {
    if (context.session == nullptr) {
        return fail(ErrorCode::InvalidOptions, "abortTransaction must be run within a transaction");
    }
    context.operation.transaction = nullptr;
    context.session->abort();
    return {};
}

}  // namespace plumb::commands
