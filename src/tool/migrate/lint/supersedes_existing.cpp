// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/lint/redundancy_use.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

// True if a later step of the same run drops the index anyway.
bool is_dropped_later(const Context& context,
                      const std::string& collection,
                      const std::string& name) {
    return std::any_of(context.steps.begin(), context.steps.end(), [&](const Step& step) {
        const auto* drop = std::get_if<project::DropIndexes>(&step.operation->body);
        return drop != nullptr && step.operation->collection == collection &&
               std::find(drop->names.begin(), drop->names.end(), name) != drop->names.end();
    });
}

}  // namespace

FoundList check_supersedes_existing(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const std::string& collection = step.operation->collection;
        const std::vector<project::IndexDefinition> wanted = new_indexes(step);
        if (wanted.empty()) {
            continue;
        }
        PLUMB_TRY(existing, context.facts->indexes(collection));
        PLUMB_TRY(use, use_of(context, collection, *existing));
        for (const project::IndexDefinition& index : wanted) {
            for (const project::IndexDefinition& other : step.before) {
                if (other.name == "_id_" || !has_index(*existing, other) ||
                    index_facts::judge(index, other, use).redundant ||
                    !index_facts::judge(other, index, use).redundant ||
                    is_dropped_later(context, collection, other.name)) {
                    continue;
                }
                out.push_back(found_at(step,
                                       index,
                                       fmt::format("{}.{} {} does the work of the existing {} {}",
                                                   collection,
                                                   index.name,
                                                   project::key_text(index.key),
                                                   other.name,
                                                   project::key_text(other.key))));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
