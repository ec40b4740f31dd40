// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/asked.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

// The indexes that a step takes from the planner.
std::vector<std::string> taken_by(const project::Operation& operation) {
    if (const auto* drop = std::get_if<project::DropIndexes>(&operation.body)) {
        return drop->names;
    }
    if (const auto* hide = std::get_if<project::HideIndex>(&operation.body)) {
        return {hide->name};
    }
    return {};
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What is left for the planner once all steps are done.
std::vector<project::IndexDefinition> left_at_the_end(const Context& context, const Step& from) {
    std::vector<project::IndexDefinition> out = from.before;
    for (const Step& step : context.steps) {
        if (&step < &from || step.operation->collection != from.operation->collection) {
            continue;
        }
        const std::vector<std::string> taken = taken_by(*step.operation);
        std::erase_if(out, [&taken](const auto& each) { return contains(taken, each.name); });
        for (const project::IndexDefinition& each : new_indexes(step)) {
            out.push_back(each);
        }
    }
    return out;
}

// The first query that this index serves and none of the others does; empty if there is none.
std::string query_that_needs(const project::IndexDefinition& index,
                             const std::vector<project::IndexDefinition>& others,
                             const std::vector<Asked>& asked) {
    for (const Asked& each : asked) {
        const bool is_served =
            std::any_of(others.begin(), others.end(), [&each](const auto& other) {
                return can_serve(other, each);
            });
        const bool may_scan = !each.query->scan_allowed.empty();
        if (!is_served && !may_scan && can_serve(index, each)) {
            return fmt::format("{} ({})", each.query->id, each.query->title);
        }
    }
    return "";
}

}  // namespace

FoundList check_drops_needed_index(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const std::vector<std::string> taken = taken_by(*step.operation);
        if (taken.empty()) {
            continue;
        }
        const std::string& collection = step.operation->collection;
        const std::vector<Asked> asked = asked_of(*context.workload, collection);
        const std::vector<project::IndexDefinition> left = left_at_the_end(context, step);
        for (const project::IndexDefinition& index : step.before) {
            if (!contains(taken, index.name)) {
                continue;
            }
            const std::string query = query_that_needs(index, left, asked);
            if (!query.empty()) {
                out.push_back({step.file,
                               step.operation->position,
                               collection,
                               index.name,
                               fmt::format("{}.{}: {} would read the whole collection without it",
                                           collection,
                                           index.name,
                                           query)});
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
