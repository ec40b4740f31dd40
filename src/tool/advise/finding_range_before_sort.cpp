// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {

void find_range_before_sort(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (model.sort.empty() || !query.before.sorts || query.before.scans) {
            return;
        }
        for (const ExistingIndex& index : context.sample.indexes) {
            bool range_seen = false;
            bool sort_behind = false;
            for (const bson::Element& field : index.definition.key.view()) {
                const Condition* condition = model.whole.find(field.name);
                sort_behind = sort_behind || (range_seen && field.name == model.sort[0].path);
                range_seen =
                    range_seen || (condition != nullptr && condition->bounds == Bounds::Range &&
                                   field.name != model.sort[0].path);
            }
            if (sort_behind) {
                out.push_back(
                    {"range_before_sort",
                     Severity::Warning,
                     context.sample.name,
                     model.label,
                     fmt::format(
                         "{} has {}'s range before its sort", index.definition.name, model.label),
                     project::key_text(index.definition.key),
                     "put equality first, then the sort, then the range"});
            }
        }
    });
}

}  // namespace plumb::advise
