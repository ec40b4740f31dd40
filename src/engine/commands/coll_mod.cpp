// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "engine/commands/collection_options.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/view_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"index", kDocument},
    {"validator", kDocument},
    {"validationLevel", kString},
    {"validationAction", kString},
    {"viewOn", kString},
    {"pipeline", kArray},
});

using IndexPtr = std::shared_ptr<const storage::IndexState>;

Result<IndexPtr> find_target(const storage::CollectionState& state, bson::View index) {
    const bson::ValueView name = index.find("name");
    const bson::ValueView key = index.find("keyPattern");
    if (name.missing() == key.missing()) {
        return fail(ErrorCode::InvalidOptions,
                    "collMod.index must have exactly one of name and keyPattern");
    }
    if (!name.missing() && name.type() != bson::Type::String) {
        return fail(ErrorCode::InvalidOptions, "collMod.index.name must be a string");
    }
    if (!key.missing() && key.type() != bson::Type::Document) {
        return fail(ErrorCode::InvalidOptions, "collMod.index.keyPattern must be an object");
    }
    const auto found = std::ranges::find_if(state.indexes, [&](const IndexPtr& candidate) {
        return name.missing() ? bson::compare(candidate->spec.key.view(), key.as_document()) == 0
                              : candidate->spec.name == name.as_string();
    });
    if (found == state.indexes.end()) {
        return fail(ErrorCode::IndexNotFound,
                    fmt::format("cannot find the index that collMod names in {}", state.ns));
    }
    return *found;
}

// `listed` with one field set, put at its old place or at the end.
bson::Document with_field(bson::View listed, std::string_view name, bson::ValueView value) {
    bson::Builder out;
    for (const bson::Element& field : listed) {
        out.append(field.name, field.name == name ? value : field.value);
    }
    if (!listed.has(name)) {
        out.append(name, value);
    }
    return out.finish();
}

Status change_expiry(bson::ValueView seconds, storage::IndexSpec& spec, bson::Builder& reply) {
    if (!seconds.is_number()) {
        return fail(ErrorCode::InvalidOptions, "expireAfterSeconds field must be a number");
    }
    if (!spec.expire_after_seconds) {
        return fail(ErrorCode::InvalidOptions, "no expireAfterSeconds field to update");
    }
    reply.append("expireAfterSeconds_old", *spec.expire_after_seconds);
    reply.append("expireAfterSeconds_new", seconds);
    spec.expire_after_seconds = bson::Value{seconds};
    spec.listed = with_field(spec.listed, "expireAfterSeconds", seconds);
    return {};
}

// Hidden indexes came with 4.4; they are how an index is tried out for removal.
Status change_hidden(bson::ValueView hidden, storage::IndexSpec& spec, bson::Builder& reply) {
    if (hidden.type() != bson::Type::Bool) {
        return fail(ErrorCode::InvalidOptions, "hidden field must be a boolean");
    }
    if (spec.name == "_id_") {
        return fail(ErrorCode::BadValue, "can't hide _id index");
    }
    reply.append("hidden_old", spec.hidden);
    reply.append("hidden_new", hidden.as_bool());
    spec.hidden = hidden.as_bool();
    spec.listed = with_field(spec.listed, "hidden", spec.hidden ? hidden : bson::ValueView{});
    return {};
}

Status change_index(storage::Engine& engine,
                    const storage::CollectionState& state,
                    bson::View index,
                    bson::Builder& reply) {
    const bson::ValueView seconds = index.find("expireAfterSeconds");
    const bson::ValueView hidden = index.find("hidden");
    if (seconds.missing() && hidden.missing()) {
        return fail(ErrorCode::InvalidOptions,
                    "collMod.index needs expireAfterSeconds or hidden to change");
    }
    PLUMB_TRY(target, find_target(state, index));
    storage::IndexSpec spec = target->spec;
    if (!seconds.missing()) {
        PLUMB_CHECK(change_expiry(seconds, spec, reply));
    }
    if (!hidden.missing()) {
        PLUMB_CHECK(change_hidden(hidden, spec, reply));
    }
    return engine.alter_index(state.ns, spec);
}

Status check_options(std::string_view ns, bson::View command, bool is_view) {
    const bool view_options = command.has("viewOn") || command.has("pipeline");
    if (is_view != view_options && (is_view || view_options)) {
        return fail(ErrorCode::InvalidOptions,
                    is_view ? "a view can only change viewOn and pipeline"
                            : "only a view has viewOn and pipeline");
    }
    PLUMB_CHECK(check_validator(document_or_empty(command, "validator")));
    PLUMB_CHECK(check_validation_level(string_or(command, "validationLevel", "")));
    PLUMB_CHECK(check_validation_action(string_or(command, "validationAction", "")));
    return is_view ? check_view_pipeline(ns, command.find("pipeline")) : Status{};
}

// The options with what the command sets, in MongoDB's order; a validator brings its defaults
// along.
bson::Document merged_options(bson::View before, bson::View command) {
    constexpr auto kOrder = std::to_array<std::string_view>(
        {"validator", "validationLevel", "validationAction", "viewOn", "pipeline"});
    bson::Builder out;
    for (const bson::Element& option : before) {
        if (std::ranges::find(kOrder, option.name) == kOrder.end()) {
            out.append(option.name, option.value);
        }
    }
    for (const std::string_view name : kOrder) {
        const bson::ValueView wanted = command.find(name);
        out.append(name, wanted.nullish() ? before.find(name) : wanted);
        const bool unset = wanted.nullish() && !before.has(name);
        if (unset && name == "validationLevel" && !command.has("viewOn")) {
            out.append(name, "strict");
        }
        if (unset && name == "validationAction" && !command.has("viewOn")) {
            out.append(name, "error");
        }
    }
    return out.finish();
}

bool changes_options(bson::View command) {
    return std::ranges::any_of(kFields, [&](const FieldRule& rule) {
        return rule.name != "index" && command.has(rule.name);
    });
}

}  // namespace

Status run_coll_mod(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "collMod",
                              .rules = kFields,
                              .unknown = ErrorCode::InvalidOptions,
                              .wrong_type = ErrorCode::InvalidOptions}));
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
        return fail(ErrorCode::NamespaceNotFound, "ns does not exist");
    }
    if (changes_options(context.command)) {
        PLUMB_CHECK(check_options(ns, context.command, state->is_view()));
        const bson::Document merged = merged_options(state->options, context.command);
        PLUMB_CHECK(engine.set_options(ns, merged));
        if (state->is_view()) {
            PLUMB_CHECK(record_view(context, ns, merged));
        }
    }
    if (const bson::ValueView index = context.command.find("index"); !index.nullish()) {
        PLUMB_CHECK(change_index(engine, *state, index.as_document(), reply));
    }
    return {};
}

}  // namespace plumb::commands
