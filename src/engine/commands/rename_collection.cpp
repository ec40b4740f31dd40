// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"to", kString, Need::Required},
    {"dropTarget", kBoolish},
    {"stayTemp", kBoolish},
});

Result<std::string> full_name(bson::ValueView value, std::string_view role) {
    if (value.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, fmt::format("'{}' must be of type String", role));
    }
    const std::string_view ns = value.as_string();
    PLUMB_CHECK(check_database_name(database_of(ns)));
    return join_namespace(database_of(ns), collection_of(ns));
}

Status check_source(const storage::Engine& engine, const std::string& from) {
    const auto source = engine.collection(from);
    if (!source) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("source namespace does not exist: {}", from));
    }
    if (source->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("cannot rename view: {}", from));
    }
    return {};
}

}  // namespace

Status run_rename_collection(CommandContext& context, bson::Builder&) {
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "renameCollection",
                              .rules = kFields,
                              .wrong_type = ErrorCode::TypeMismatch}));
    PLUMB_TRY(from, full_name(context.command.front().value, "renameCollection"));
    PLUMB_TRY(to, full_name(context.command.find("to"), "to"));
    PLUMB_CHECK(check_creatable(to));
    storage::Engine& engine = context.service.engine;
    // Always in order of name, so that two renames cannot wait for each other.
    Interrupt& interrupt = context.operation.interrupt;
    const auto first = context.service.catalog_locks.lock(std::min(from, to), interrupt);
    if (!first.ok()) {
        return first.error();
    }
    if (from == to) {
        PLUMB_CHECK(check_source(engine, from));
        return fail(ErrorCode::NamespaceExists, "target namespace exists");
    }
    const auto second = context.service.catalog_locks.lock(std::max(from, to), interrupt);
    if (!second.ok()) {
        return second.error();
    }
    PLUMB_CHECK(check_source(engine, from));
    const bool drop_target = bool_or(context.command, "dropTarget", false);
    const bool target_exists = engine.collection(to).has_value();
    if (target_exists && !drop_target) {
        return fail(ErrorCode::NamespaceExists, "target namespace exists");
    }
    const Error reason =
        fail(ErrorCode::QueryPlanKilled, fmt::format("collection renamed: {}", from));
    context.service.cursors.kill_namespace(from, reason);
    context.service.cursors.kill_namespace(to, reason);
    return engine.rename_collection(from, to, drop_target, &interrupt);
}

}  // namespace plumb::commands
