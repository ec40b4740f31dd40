// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/collection_options.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/view_catalog.h"

namespace plumb::commands {

Status run_create(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_TRY(options, parse_create_options(ns, context.command));
    PLUMB_CHECK(check_creatable(ns));
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    PLUMB_CHECK(context.service.engine.create_collection(ns, options));
    if (options.has("viewOn")) {
        return record_view(context, ns, options);
    }
    return {};
}

}  // namespace plumb::commands
