// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

// All shapes of the collection; a collection that is not there has none.
Status run_plan_cache_clear(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    context.service.plan_cache.clear(ns);
    return {};
}

}  // namespace plumb::commands
