// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/index/unique_convert.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_conflict(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const auto* create = std::get_if<project::CreateIndexes>(&step.operation->body);
        if (create == nullptr || create->on_conflict == project::OnConflict::Replace) {
            continue;
        }
        for (const IndexStep& each : plan_indexes(create->indexes, step.before)) {
            if (each.what != IndexStep::What::Conflict) {
                continue;
            }
            PLUMB_TRY(can_convert, can_convert_to_unique(context.facts->deployment(), each));
            if (!can_convert) {
                out.push_back(found_at(step,
                                       each.wanted,
                                       fmt::format("{}.{}: index {} is in the way ({})",
                                                   step.operation->collection,
                                                   each.wanted.name,
                                                   each.found_name,
                                                   project::describe(each.differences))));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
