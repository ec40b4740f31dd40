// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {

FoundList check_too_many_indexes(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const std::vector<project::IndexDefinition> wanted = new_indexes(step);
        // A collection that is made by the operation gets `_id_` as well.
        const std::size_t now = std::max<std::size_t>(step.before.size(), 1);
        if (!wanted.empty() &&
            now + wanted.size() > static_cast<std::size_t>(kIndexesPerCollectionMax)) {
            out.push_back({step.file,
                           step.operation->position,
                           step.operation->collection,
                           "",
                           fmt::format("{} has {} indexes by then; {} more pass the limit of {}",
                                       step.operation->collection,
                                       now,
                                       wanted.size(),
                                       kIndexesPerCollectionMax)});
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
