// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_sort_in_memory(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (!query.before.sorts || query.before.returned < 2) {
            return;
        }
        const bool spared = !query.after.sorts && !query.after.scans;
        out.push_back(
            {"sort_in_memory",
             spared ? Severity::Warning : Severity::Info,
             context.sample.name,
             model.label,
             fmt::format("{} sorts in memory by {}", model.label, model.sort[0].path),
             fmt::format("{}; {:.0f} times a minute, {:.0f} keys and documents examined each",
                         query.before.scans
                             ? std::string{"it scans and sorts"}
                             : fmt::format("{} gives no such order", query.index_before),
                         model.calls_a_minute,
                         query.before.keys + query.before.docs),
             spared ? create_all_text(context.sample.name, query.index_after)
                    : std::string{"an index for it would cost more than it spares"}});
    });
}

}  // namespace plumb::advise
