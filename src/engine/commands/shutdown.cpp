// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

Status run_shutdown(CommandContext& context, bson::Builder&) {
    if (!context.service.options.request_shutdown) {
        return fail(ErrorCode::CommandNotSupported,
                    "this service cannot be shut down by a command");
    }
    context.service.options.request_shutdown();
    return {};
}

}  // namespace plumb::commands
