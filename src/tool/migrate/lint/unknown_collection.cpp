// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/suggest.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

// create_collection makes its own; run and native name none.
bool needs_collection(const project::Operation& operation) {
    return !operation.collection.empty() &&
           !std::holds_alternative<project::CreateCollection>(operation.body);
}

}  // namespace

FoundList check_unknown_collection(const Context& context) {
    std::vector<Found> out;
    PLUMB_TRY(names, context.facts->collections());
    if (names.empty()) {
        // A new database: whatever is there comes later.
        return out;
    }
    const std::vector<std::string_view> known{names.begin(), names.end()};
    for (const Step& step : context.steps) {
        const std::string& collection = step.operation->collection;
        if (!needs_collection(*step.operation) || step.collection_is_new ||
            std::find(known.begin(), known.end(), collection) != known.end()) {
            continue;
        }
        out.push_back({step.file,
                       step.operation->position,
                       collection,
                       "",
                       fmt::format("there is no collection {}{}",
                                   collection,
                                   project::did_you_mean(collection, known))});
    }
    return out;
}

}  // namespace plumb::migrate::lint
