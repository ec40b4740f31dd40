// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {

// Where the values of a query are known (a declared workload), a condition that holds for no
// document of the sample in any of its instances asks for what is not there: "DELIVERED" where the
// data has "delivered".
void find_never_matches(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (query.asked.instances.empty() || context.sample.rows.size() < 100) {
            return;
        }
        for (const Condition& condition : model.whole.conditions) {
            const bool never = std::ranges::all_of(
                condition.matches, [](const DocumentSet& set) { return set.count() == 0; });
            // Values of a field with nearly as many values as documents are hardly ever met by a
            // sample; those of one with few are.
            if (!never || condition.bounds != Bounds::Point ||
                !has_few_values(context, condition.path)) {
                continue;
            }
            out.push_back(
                {"never_matches",
                 Severity::Problem,
                 context.sample.name,
                 model.label,
                 fmt::format("{} asks for a {} that no document has", model.label, condition.path),
                 fmt::format("none of {} sampled documents; they have {}",
                             context.sample.rows.size(),
                             values_shown(context, condition.path)),
                 "check the constant's spelling and type"});
        }
    });
}

}  // namespace plumb::advise
