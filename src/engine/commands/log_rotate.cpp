// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

Status run_log_rotate(CommandContext& context, bson::Builder&) {
    if (!context.service.options.rotate_log) {
        return {};  // the log goes to a stream that nobody can rotate
    }
    return context.service.options.rotate_log();
}

}  // namespace plumb::commands
