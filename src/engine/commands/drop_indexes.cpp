// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "bson/json.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({{"index", kAnyType}, {"comment", kAnyType}});

Status add_name(const storage::CollectionState& state,
                std::string_view name,
                std::vector<std::string>& out) {
    const auto index = state.find_index(name);
    if (index == nullptr) {
        return fail(ErrorCode::IndexNotFound, fmt::format("index not found with name [{}]", name));
    }
    if (index->is_id()) {
        return fail(ErrorCode::InvalidOptions, "cannot drop _id index");
    }
    if (std::ranges::find(out, name) == out.end()) {
        out.emplace_back(name);
    }
    return {};
}

Result<std::vector<std::string>> names_by_key(const storage::CollectionState& state,
                                              bson::View key) {
    for (const auto& index : state.indexes) {
        if (bson::compare(index->spec.key.view(), key) == 0) {
            std::vector<std::string> names;
            PLUMB_CHECK(add_name(state, index->spec.name, names));
            return names;
        }
    }
    return fail(ErrorCode::IndexNotFound,
                fmt::format("can't find index with key: {}", bson::to_json(key)));
}

Result<std::vector<std::string>> names_of_list(const storage::CollectionState& state,
                                               bson::ArrayView list) {
    std::vector<std::string> names;
    for (const bson::Element& element : list) {
        if (element.value.type() != bson::Type::String) {
            return fail(ErrorCode::TypeMismatch,
                        fmt::format("dropIndexes {} ({}): only strings can stand in the array",
                                    state.ns,
                                    element.name));
        }
        PLUMB_CHECK(add_name(state, element.value.as_string(), names));
    }
    return names;
}

Result<std::vector<std::string>> names_to_drop(const storage::CollectionState& state,
                                               bson::ValueView wanted) {
    if (wanted.type() == bson::Type::Document) {
        return names_by_key(state, wanted.as_document());
    }
    if (wanted.type() == bson::Type::Array) {
        return names_of_list(state, wanted.as_array());
    }
    if (wanted.type() != bson::Type::String) {
        return fail(ErrorCode::IndexNotFound, "invalid index name spec");
    }
    std::vector<std::string> names;
    if (wanted.as_string() != "*") {
        PLUMB_CHECK(add_name(state, wanted.as_string(), names));
        return names;
    }
    for (const auto& index : state.indexes) {
        if (!index->is_id()) {
            names.push_back(index->spec.name);
        }
    }
    return names;
}

}  // namespace

Status run_drop_indexes(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_CHECK(check_fields(context.command, {.structure = "dropIndexes", .rules = kFields}));
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    storage::CollectionStatePtr state;
    if (const auto collection = context.service.engine.collection(ns); collection) {
        state = collection->shared_state();
    }
    if (state == nullptr) {
        return fail(ErrorCode::NamespaceNotFound, fmt::format("ns not found: {}", ns));
    }
    if (state->is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("Cannot drop indexes on view {}", ns));
    }
    const bson::ValueView wanted = context.command.find("index");
    PLUMB_TRY(names, names_to_drop(*state, wanted));
    if (!names.empty()) {
        PLUMB_CHECK(context.service.engine.drop_indexes(ns, names, &context.operation.interrupt));
    }
    reply.append("nIndexesWas", static_cast<std::int32_t>(state->indexes.size()));
    if (wanted.type() == bson::Type::String && wanted.as_string() == "*") {
        reply.append("msg", "non-_id indexes dropped for collection");
    }
    return {};
}

}  // namespace plumb::commands
