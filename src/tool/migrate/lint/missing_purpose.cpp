// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {

FoundList check_missing_purpose(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const auto* create = std::get_if<project::CreateIndexes>(&step.operation->body);
        if (create == nullptr) {
            continue;
        }
        for (const project::IndexDefinition& index : create->indexes) {
            if (index.purpose.find_first_not_of(" \t\n") == std::string::npos) {
                out.push_back(found_at(
                    step,
                    index,
                    fmt::format("{}.{} has no purpose", step.operation->collection, index.name)));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
