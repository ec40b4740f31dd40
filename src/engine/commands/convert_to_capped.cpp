// SPDX-License-Identifier: GPL-3.0-or-later
// convertToCapped, in place, and cloneCollectionAsCapped, to a new name.
#include "engine/commands/collection_options.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

Status check_source(const storage::Engine& engine, std::string_view ns) {
    const auto source = engine.collection(ns);
    if (!source) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("source collection {} does not exist", ns));
    }
    if (source->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("Namespace {} is a view, not a collection", ns));
    }
    return {};
}

Result<bson::Document> capped_options(bson::View command) {
    const std::int64_t size = integer(command, "size").value_or(0);
    if (size <= 0) {
        return fail(ErrorCode::InvalidOptions, "Capped collection size must be greater than zero");
    }
    bson::Builder out;
    PLUMB_CHECK(append_capped_options(size, integer(command, "max"), out));
    return out.finish();
}

}  // namespace

Status run_convert_to_capped(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_TRY(options, capped_options(context.command));
    storage::Engine& engine = context.service.engine;
    Interrupt& interrupt = context.operation.interrupt;
    const auto guard = context.service.catalog_locks.lock(ns, interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    PLUMB_CHECK(check_source(engine, ns));
    context.service.cursors.kill_namespace(
        ns, fail(ErrorCode::QueryPlanKilled, fmt::format("collection dropped: {}", ns)));
    return engine.copy_to_capped(ns, ns, options, interrupt);
}

Status run_clone_collection_as_capped(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(from, command_namespace(context.database(), context.command));
    PLUMB_TRY(to,
              join_namespace(context.database(), string_or(context.command, "toCollection", "")));
    PLUMB_CHECK(check_creatable(to));
    PLUMB_TRY(options, capped_options(context.command));
    storage::Engine& engine = context.service.engine;
    const auto guard = context.service.catalog_locks.lock(to, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    PLUMB_CHECK(check_source(engine, from));
    return engine.copy_to_capped(from, to, options, context.operation.interrupt);
}

}  // namespace plumb::commands
