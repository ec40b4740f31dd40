// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_redundant_index(const FindingContext& context, std::vector<Finding>& out) {
    const std::vector<ExistingIndex>& indexes = context.sample.indexes;
    for (std::size_t one = 0; one < indexes.size(); ++one) {
        for (std::size_t other = 0; other < indexes.size(); ++other) {
            const project::IndexDefinition& shorter = indexes[one].definition;
            const project::IndexDefinition& longer = indexes[other].definition;
            // Of two that serve each other the younger one goes.
            const bool each_other = project::is_redundant(longer, shorter);
            if (one == other || shorter.name == "_id_" || (each_other && one < other) ||
                !project::is_redundant(shorter, longer)) {
                continue;
            }
            out.push_back(
                {"redundant_index",
                 Severity::Warning,
                 context.sample.name,
                 shorter.name,
                 fmt::format(
                     "{} serves nothing that {} does not serve as well", shorter.name, longer.name),
                 fmt::format(
                     "{} begins {}", project::key_text(longer.key), project::key_text(shorter.key)),
                 "hide it, wait, and drop it, after looking at the other queries' plans"});
            break;
        }
    }
}

}  // namespace plumb::advise
