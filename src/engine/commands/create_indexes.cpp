// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "engine/commands/build_options.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/index_validation.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"indexes", kArray},
    {"ignoreUnknownIndexOptions", kBool},
});

Result<std::vector<storage::IndexSpec>> parse_specs(std::string_view ns, bson::View command) {
    const bson::ValueView listed = command.find("indexes");
    if (listed.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "The 'indexes' field is a required argument of the createIndexes command");
    }
    std::vector<storage::IndexSpec> specs;
    for (const bson::Element& element : listed.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch,
                        "The elements of the 'indexes' array must be objects");
        }
        PLUMB_TRY(spec, parse_index(ns, element.value.as_document()));
        specs.push_back(std::move(spec));
    }
    if (specs.empty()) {
        return fail(ErrorCode::BadValue, "Must specify at least one index to create");
    }
    return specs;
}

// Of the specs those that are new. Two of one command must not be the same index either.
Result<std::vector<storage::IndexSpec>> select_new(std::vector<storage::IndexSpec> specs,
                                                   const storage::CollectionState& state) {
    std::vector<const storage::IndexSpec*> existing;
    for (const auto& index : state.indexes) {
        existing.push_back(&index->spec);
    }
    std::vector<storage::IndexSpec> fresh;
    fresh.reserve(specs.size());
    for (storage::IndexSpec& spec : specs) {
        PLUMB_TRY(fate, compare_with_existing(spec, existing));
        if (fate == IndexFate::New) {
            fresh.push_back(std::move(spec));
        }
    }
    std::vector<const storage::IndexSpec*> earlier;
    for (const storage::IndexSpec& spec : fresh) {
        if (spec.expire_after_seconds && state.is_capped()) {
            return fail(ErrorCode::CannotCreateIndex,
                        "Cannot create TTL index on a capped collection");
        }
        PLUMB_TRY(fate, compare_with_existing(spec, earlier));
        if (fate == IndexFate::AlreadyThere) {
            return fail(ErrorCode::OperationFailed,
                        fmt::format("There's already an index with name '{}' being built on the "
                                    "collection",
                                    spec.name));
        }
        earlier.push_back(&spec);
    }
    if (state.indexes.size() + fresh.size() > std::size_t{kIndexesPerCollectionMax}) {
        return fail(ErrorCode::CannotCreateIndex,
                    fmt::format("add index fails, too many indexes for {} (at most {})",
                                state.ns,
                                kIndexesPerCollectionMax));
    }
    return fresh;
}

struct Target {
    storage::CollectionStatePtr state;
    bool created = false;
};

Result<Target> open_or_create(storage::Engine& engine, const std::string& ns) {
    if (const auto collection = engine.collection(ns); collection) {
        if (collection->state().is_view()) {
            return fail(ErrorCode::CommandNotSupportedOnView,
                        fmt::format("Cannot create indexes on a view: {}", ns));
        }
        return Target{collection->shared_state(), false};
    }
    PLUMB_CHECK(check_creatable(ns));
    auto made = engine.create_collection(ns, bson::View{});
    if (!made.ok() && made.error().code() == ErrorCode::NamespaceExists) {
        // An insert was faster.
        const auto collection = engine.collection(ns);
        if (collection) {
            return Target{collection->shared_state(), false};
        }
    }
    PLUMB_TRY(state, std::move(made));
    return Target{state, true};
}

Status build(CommandContext& context, std::string_view ns, std::vector<storage::IndexSpec> specs) {
    return context.service.engine.build_indexes(ns,
                                                std::move(specs),
                                                build_options(context.service, context.running),
                                                context.operation.interrupt);
}

}  // namespace

Status run_create_indexes(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "createIndexes",
                              .rules = kFields,
                              .unknown = ErrorCode::BadValue,
                              .missing = ErrorCode::FailedToParse}));
    PLUMB_TRY(specs, parse_specs(ns, context.command));
    const auto guard = context.service.catalog_locks.lock(ns, context.operation.interrupt);
    if (!guard.ok()) {
        return guard.error();
    }
    PLUMB_TRY(target, open_or_create(context.service.engine, ns));
    const auto before = static_cast<std::int32_t>(target.state->indexes.size());
    PLUMB_TRY(fresh, select_new(std::move(specs), *target.state));
    const auto added = static_cast<std::int32_t>(fresh.size());
    if (added == 0 && !target.created) {
        reply.append("numIndexesBefore", before);
        reply.append("numIndexesAfter", before);
        reply.append("note", "all indexes already exist");
        return {};
    }
    if (added > 0) {
        PLUMB_CHECK(build(context, ns, std::move(fresh)));
    }
    reply.append("createdCollectionAutomatically", target.created);
    reply.append("numIndexesBefore", before);
    reply.append("numIndexesAfter", before + added);
    return {};
}

}  // namespace plumb::commands
