// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/precheck.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_unique_duplicates(const Context& context) {
    std::vector<Found> out;
    const Deployment& deployment = context.facts->deployment();
    for (const Step& step : context.steps) {
        const std::string& collection = step.operation->collection;
        PLUMB_TRY(there, context.facts->has_collection(collection));
        if (!there) {
            continue;
        }
        for (const project::IndexDefinition& index : new_indexes(step)) {
            if (!index.unique) {
                continue;
            }
            deployment.tell(Progress{
                fmt::format("looking for duplicates: {}.{}", collection, index.name), 0, 0});
            PLUMB_TRY(problems, find_duplicates(deployment, collection, index));
            deployment.tell(Progress{"", -1, 0});
            for (const Problem& problem : problems) {
                out.push_back(found_at(step, index, problem.text));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
