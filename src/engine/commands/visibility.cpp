// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/authorize.h"
#include "engine/commands/client_login.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

bool lists_database(const CommandContext& context, std::string_view database) {
    if (!context.service.options.require_login) {
        return true;
    }
    const ClientLogin& login = login_of(context.client);
    const bool only_own = bool_or(context.command, "authorizedDatabases", false) ||
                          !login.allow({Action::ListDatabases, Target::cluster()});
    return !only_own || login.any_in_database(database);
}

bool lists_collection(const CommandContext& context, std::string_view ns) {
    const bool only_own = context.service.options.require_login &&
                          bool_or(context.command, "authorizedCollections", false);
    return !only_own || login_of(context.client).any_on(Target::of_namespace(ns));
}

}  // namespace plumb::commands
