// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/profiler.h"
#include "engine/commands/service_state.h"
#include "engine/commands/top_counters.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

Status drop_one(CommandContext& context, const std::string& ns) {
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    Status dropped = context.service.engine.drop_collection(ns, &context.operation.interrupt);
    context.service.top->forget(ns);
    if (!dropped.ok() && dropped.error().code() == ErrorCode::NamespaceNotFound) {
        return {};  // somebody else dropped it
    }
    return dropped;
}

}  // namespace

Status run_drop_database(CommandContext& context, bson::Builder& reply) {
    const std::string_view database = context.database();
    if (database == "admin" || database == "local" || database == "config") {
        return fail(ErrorCode::IllegalOperation,
                    fmt::format("Dropping the '{}' database is prohibited.", database));
    }
    context.service.cursors.kill_namespace(
        fmt::format("{}.", database),
        fail(ErrorCode::QueryPlanKilled, fmt::format("database dropped: {}", database)));
    // As in MongoDB, where the level goes with the database. Off before its collection is dropped.
    PLUMB_CHECK(context.service.profiler->set_level(context.service.engine, database, 0));
    bool any = false;
    for (const auto& collection : context.service.engine.collections()) {
        if (collection->database() == database) {
            PLUMB_CHECK(drop_one(context, collection->ns));
            any = true;
        }
    }
    if (any) {
        reply.append("dropped", database);
    }
    return {};
}

}  // namespace plumb::commands
