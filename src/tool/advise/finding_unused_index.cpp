// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_unused_index(const FindingContext& context, std::vector<Finding>& out) {
    for (const ExistingIndex& index : context.sample.indexes) {
        const project::IndexDefinition& definition = index.definition;
        const bool guarded = definition.unique || definition.expire_after || definition.hidden ||
                             definition.name == "_id_";
        if (index.uses != 0 || guarded) {
            continue;
        }
        out.push_back({"unused_index",
                       Severity::Info,
                       context.sample.name,
                       definition.name,
                       fmt::format("{} was not used since the server counts", definition.name),
                       fmt::format("0 uses on this member since {} (ms)", index.uses_since_ms),
                       "judge it by all members and thirty days before it goes: hide, wait, drop"});
    }
}

}  // namespace plumb::advise
