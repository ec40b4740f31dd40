// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

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
    for (const NewIndex& shorter : indexes) {
        for (const NewIndex& longer : indexes) {
            const bool same_collection =
                shorter.step->operation->collection == longer.step->operation->collection;
            if (&shorter == &longer || !same_collection ||
                !project::is_redundant(shorter.index, longer.index)) {
                continue;
            }
            // Of two that serve the same the second is the one too many.
            const bool mutual = project::is_redundant(longer.index, shorter.index);
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
