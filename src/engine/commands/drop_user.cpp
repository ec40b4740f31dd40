// SPDX-License-Identifier: GPL-3.0-or-later
// dropUser and dropAllUsersFromDatabase. Who is logged in as one of them is out at the next
// command.
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_arguments.h"
#include "engine/commands/user_catalog.h"

namespace plumb::commands {

Status run_drop_user(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(name, user_name(context));
    const auto guard = lock_users(context);
    if (!guard.ok()) {
        return guard.error();
    }
    return context.service.users->remove(context.operation, context.database(), name);
}

Status run_drop_all_users_from_database(CommandContext& context, bson::Builder& reply) {
    const auto guard = lock_users(context);
    if (!guard.ok()) {
        return guard.error();
    }
    std::int32_t dropped = 0;
    for (const auto& user : context.service.users->all()) {
        if (user->database == context.database()) {
            PLUMB_CHECK(
                context.service.users->remove(context.operation, user->database, user->name));
            ++dropped;
        }
    }
    reply.append("n", dropped);
    return {};
}

}  // namespace plumb::commands
