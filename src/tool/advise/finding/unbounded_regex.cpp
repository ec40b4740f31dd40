// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_unbounded_regex(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const double examined = query.before.docs + query.before.keys;
        for (const Predicate& predicate : predicates_of(model.shape)) {
            // Where another condition narrows it down, the pattern only tests what that finds.
            if (predicate.kind != "regex" || examined < kWorthAnIndex) {
                continue;
            }
            out.push_back({"unbounded_regex",
                           Severity::Warning,
                           context.sample.name,
                           model.label,
                           fmt::format("{} looks for a pattern in {} that has no fixed beginning",
                                       model.label,
                                       predicate.path),
                           fmt::format("{:.0f} keys and documents examined a call for {:.0f} found",
                                       examined,
                                       query.before.returned),
                           fmt::format("anchor it (/^…/, case as stored), or keep a folded copy of "
                                       "{} to look in",
                                       predicate.path)});
        }
    });
}

}  // namespace plumb::advise
