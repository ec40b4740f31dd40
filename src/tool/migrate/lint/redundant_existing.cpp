// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/lint/redundancy_use.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_redundant_existing(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const std::vector<project::IndexDefinition> wanted = new_indexes(step);
        if (wanted.empty()) {
            continue;
        }
        PLUMB_TRY(existing, context.facts->indexes(step.operation->collection));
        PLUMB_TRY(use, use_of(context, step.operation->collection, wanted));
        for (const project::IndexDefinition& index : wanted) {
            for (const project::IndexDefinition& other : step.before) {
                // Those that other new migrations make are REDUNDANT_NEW.
                if (!has_index(*existing, other) ||
                    !index_facts::judge(index, other, use).redundant) {
                    continue;
                }
                out.push_back(found_at(step,
                                       index,
                                       fmt::format("{}.{} {} is served by the existing {} {}",
                                                   step.operation->collection,
                                                   index.name,
                                                   project::key_text(index.key),
                                                   other.name,
                                                   project::key_text(other.key))));
                break;
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
