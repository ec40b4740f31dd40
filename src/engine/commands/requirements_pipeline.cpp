// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/requirements.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

// The collection that a pipeline reads from.
struct Input {
    std::string_view database;
    std::string_view collection;  // empty: none
};

void need_on(const Input& input, Action action, Requirements& out) {
    const Target target = input.collection.empty()
                              ? Target::of_database(input.database)
                              : Target::collection(input.database, input.collection);
    out.push_back({action, target});
}

bool is_text(bson::ValueView value) {
    return value.type() == bson::Type::String || value.type() == bson::Type::Symbol;
}

// The namespace that an argument names: "orders", or {db: "shop", coll: "orders"}.
Input named(std::string_view database, bson::ValueView value) {
    Input out{database, {}};
    if (is_text(value)) {
        out.collection = value.as_string();
    } else if (value.type() == bson::Type::Document) {
        for (const bson::Element& field : value.as_document()) {
            if (field.name == "db" && is_text(field.value)) {
                out.database = field.value.as_string();
            } else if (field.name == "coll" && is_text(field.value)) {
                out.collection = field.value.as_string();
            }
        }
    }
    return out;
}

void add_stages(const Input& input, bson::View pipeline, Requirements& out);

// A pipeline inside of a stage, over the collection that the stage names.
void add_inner(const Input& input, bson::ValueView pipeline, Requirements& out) {
    if (pipeline.type() == bson::Type::Array) {
        add_stages(input, pipeline.as_array(), out);
    }
}

// $lookup, $graphLookup: {from, pipeline}; $unionWith: {coll, pipeline} or the name alone.
void for_foreign(const Input& input, bson::ValueView argument, Requirements& out) {
    if (is_text(argument)) {
        need_on(named(input.database, argument), Action::Find, out);
        return;
    }
    if (argument.type() != bson::Type::Document) {
        return;
    }
    Input foreign{input.database, {}};
    for (const bson::Element& field : argument.as_document()) {
        if (field.name == "from" || field.name == "coll") {
            foreign = named(input.database, field.value);
            need_on(foreign, Action::Find, out);
        }
    }
    for (const bson::Element& field : argument.as_document()) {
        if (field.name == "pipeline") {
            add_inner(foreign, field.value, out);
        }
    }
}

void for_facet(const Input& input, bson::ValueView argument, Requirements& out) {
    if (argument.type() != bson::Type::Document) {
        return;
    }
    for (const bson::Element& field : argument.as_document()) {
        add_inner(input, field.value, out);
    }
}

// Replaces the collection.
void for_out(const Input& input, bson::ValueView argument, Requirements& out) {
    const Input target = named(input.database, argument);
    need_on(target, Action::Insert, out);
    need_on(target, Action::Remove, out);
}

void for_merge(const Input& input, bson::ValueView argument, Requirements& out) {
    const auto need_both = [&](bson::ValueView into) {
        const Input target = named(input.database, into);
        need_on(target, Action::Insert, out);
        need_on(target, Action::Update, out);
    };
    if (argument.type() != bson::Type::Document) {
        need_both(argument);
        return;
    }
    for (const bson::Element& field : argument.as_document()) {
        if (field.name == "into") {
            need_both(field.value);
        }
    }
}

void for_index_stats(const Input& input, bson::ValueView, Requirements& out) {
    need_on(input, Action::IndexStats, out);
}

void for_coll_stats(const Input& input, bson::ValueView, Requirements& out) {
    need_on(input, Action::CollStats, out);
}

void for_plan_cache_stats(const Input& input, bson::ValueView, Requirements& out) {
    need_on(input, Action::PlanCacheRead, out);
}

void for_current_op(const Input&, bson::ValueView, Requirements& out) {
    out.push_back({Action::CurrentOperations, Target::cluster()});
}

void for_change_stream(const Input& input, bson::ValueView, Requirements& out) {
    need_on(input, Action::ChangeStream, out);
    need_on(input, Action::Find, out);
}

struct StageRow {
    std::string_view name;
    void (*add)(const Input& input, bson::ValueView argument, Requirements& out);
    bool is_source;  // gives documents of its own: the collection is not read
};
constexpr auto kStages = std::to_array<StageRow>({
    {"$changeStream", for_change_stream, true},
    {"$collStats", for_coll_stats, true},
    {"$currentOp", for_current_op, true},
    {"$facet", for_facet, false},
    {"$graphLookup", for_foreign, false},
    {"$indexStats", for_index_stats, true},
    {"$lookup", for_foreign, false},
    {"$merge", for_merge, false},
    {"$out", for_out, false},
    {"$planCacheStats", for_plan_cache_stats, true},
    {"$unionWith", for_foreign, false},
});
static_assert(std::ranges::is_sorted(kStages, {}, &StageRow::name));

const StageRow* find_stage(std::string_view name) {
    const auto row = std::ranges::lower_bound(kStages, name, {}, &StageRow::name);
    return row != kStages.end() && row->name == name ? &*row : nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the command's BSON, which is bounded
void add_stages(const Input& input, bson::View pipeline, Requirements& out) {
    for (const bson::Element& stage : pipeline) {
        if (stage.value.type() != bson::Type::Document) {
            continue;
        }
        for (const bson::Element& field : stage.value.as_document()) {
            if (const StageRow* row = find_stage(field.name)) {
                row->add(input, field.value, out);
            }
        }
    }
}

bool begins_with_source(bson::View pipeline) {
    if (pipeline.empty() || pipeline.front().value.type() != bson::Type::Document) {
        return false;
    }
    const bson::View first = pipeline.front().value.as_document();
    const StageRow* row = first.empty() ? nullptr : find_stage(first.front().name);
    return row != nullptr && row->is_source;
}

}  // namespace

void add_pipeline_requirements(std::string_view database,
                               std::string_view collection,
                               bson::View pipeline,
                               Requirements& out) {
    const Input input{database, collection};
    if (!begins_with_source(pipeline)) {
        need_on(input, Action::Find, out);
    }
    add_stages(input, pipeline, out);
}

}  // namespace plumb::commands
