// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"

namespace plumb::commands {

Status run_ping(CommandContext&, bson::Builder&) {
    return {};
}

}  // namespace plumb::commands
