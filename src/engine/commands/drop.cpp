// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/profiler.h"
#include "engine/commands/service_state.h"
#include "engine/commands/top_counters.h"
#include "engine/commands/view_catalog.h"

#include <fmt/format.h>

namespace plumb::commands {

Status run_drop(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    storage::Engine& engine = context.service.engine;
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    storage::CollectionStatePtr state;
    if (const auto collection = engine.collection(ns); collection) {
        state = collection->shared_state();
    }
    if (state == nullptr) {
        return fail(ErrorCode::NamespaceNotFound, "ns not found");
    }
    if (state->name() == "system.profile" &&
        context.service.profiler->level(context.database()) > 0) {
        return fail(ErrorCode::IllegalOperation,
                    "turn off profiling before dropping system.profile collection");
    }
    context.service.cursors.kill_namespace(
        ns, fail(ErrorCode::QueryPlanKilled, fmt::format("collection dropped: {}", ns)));
    PLUMB_CHECK(engine.drop_collection(ns, &context.operation.interrupt));
    context.service.top->forget(ns);
    if (state->is_view()) {
        PLUMB_CHECK(forget_view(context, ns));
    } else {
        reply.append("nIndexesWas", static_cast<std::int32_t>(state->indexes.size()));
    }
    reply.append("ns", ns);
    return {};
}

}  // namespace plumb::commands
