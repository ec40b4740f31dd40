// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/build_options.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/index_validation.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

namespace plumb::commands {

// The _id index stays as it is: a collection is never without it. The others are built beside the
// old ones, which serve until the new ones take their place.
Status run_re_index(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    storage::Engine& engine = context.service.engine;
    storage::CollectionStatePtr state;
    if (const auto collection = engine.collection(ns); collection) {
        state = collection->shared_state();
    }
    if (state == nullptr) {
        return fail(ErrorCode::NamespaceNotFound, "collection does not exist");
    }
    if (state->is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView, "can't re-index a view");
    }
    PLUMB_CHECK(engine.rebuild_indexes(
        ns, build_options(context.service, context.running), context.operation.interrupt));
    const auto count = static_cast<std::int32_t>(state->indexes.size());
    reply.append("nIndexesWas", count);
    reply.append("nIndexes", count);
    reply.begin_array("indexes");
    for (const auto& index : state->indexes) {
        reply.push(listed_with_namespace(index->spec, ns));
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
