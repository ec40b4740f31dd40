// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/client_login.h"
#include "engine/commands/command_functions.h"

namespace plumb::commands {

// Only who logged in to this database is logged out.
Status run_logout(CommandContext& context, bson::Builder&) {
    login_of(context.client).remove(context.database());
    return {};
}

}  // namespace plumb::commands
