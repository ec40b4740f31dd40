// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/lint/redundancy_use.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

struct NewIndex {
    const Step* step = nullptr;
    project::IndexDefinition index;
};

std::vector<NewIndex> all_new(const Context& context) {
    std::vector<NewIndex> out;
    for (const Step& step : context.steps) {
        for (project::IndexDefinition& index : new_indexes(step)) {
            out.push_back({&step, std::move(index)});
        }
    }
    return out;
}

bool is_dropped_again(const Context& context, const NewIndex& index) {
    return std::any_of(context.steps.begin(), context.steps.end(), [&index](const Step& step) {
        const auto* drop = std::get_if<project::DropIndexes>(&step.operation->body);
        return drop != nullptr && &step > index.step &&
               step.operation->collection == index.step->operation->collection &&
               std::find(drop->names.begin(), drop->names.end(), index.index.name) !=
                   drop->names.end();
    });
}

}  // namespace

FoundList check_redundant_new(const Context& context) {
    std::vector<Found> out;
    const std::vector<NewIndex> indexes = all_new(context);
    std::vector<project::IndexDefinition> definitions;
    for (const NewIndex& each : indexes) {
        definitions.push_back(each.index);
    }
    for (const NewIndex& shorter : indexes) {
        PLUMB_TRY(use, use_of(context, shorter.step->operation->collection, definitions));
        for (const NewIndex& longer : indexes) {
            const bool same_collection =
                shorter.step->operation->collection == longer.step->operation->collection;
            if (&shorter == &longer || !same_collection ||
                !index_facts::judge(shorter.index, longer.index, use).redundant) {
                continue;
            }
            // Of two that serve the same the second is the one too many.
            const bool mutual = index_facts::judge(longer.index, shorter.index, use).redundant;
            if ((mutual && &shorter < &longer) || is_dropped_again(context, shorter)) {
                continue;
            }
            out.push_back(found_at(*shorter.step,
                                   shorter.index,
                                   fmt::format("{}.{} {} is served by the new {} {} of {}",
                                               shorter.step->operation->collection,
                                               shorter.index.name,
                                               project::key_text(shorter.index.key),
                                               longer.index.name,
                                               project::key_text(longer.index.key),
                                               longer.step->file->number())));
            break;
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
