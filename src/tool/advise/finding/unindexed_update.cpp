// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_unindexed_update(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const bool finds_one =
            model.writes == WriteKind::Update || model.writes == WriteKind::Delete;
        if (!finds_one || !query.before.scans || query.before.docs < kWorthAnIndex ||
            model.whole.conditions.empty()) {
            return;
        }
        out.push_back(
            {"unindexed_update",
             Severity::Problem,
             context.sample.name,
             model.label,
             fmt::format("{} changes a document of {} that it finds by a scan",
                         model.label,
                         context.sample.name),
             fmt::format("{:.0f} times a minute; {:.0f} documents examined, {:.0f} keys and "
                         "documents with {}",
                         model.calls_a_minute,
                         query.before.docs,
                         query.after.docs + query.after.keys,
                         query.index_after),
             query.after.scans ? std::string{"no index would help it"}
                               : create_all_text(context.sample.name, query.index_after)});
    });
}

}  // namespace plumb::advise
