// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

// A range that finds little leaves little to sort: then the order of the key does not matter.
constexpr double kSparedShare = 0.2;

// True if the index has a field with a range of this query, and behind it the sort's first field.
bool has_range_before_sort(const project::IndexDefinition& index, const QueryModel& model) {
    bool range_seen = false;
    for (const bson::Element& field : index.key.view()) {
        if (field.name == model.sort[0].path) {
            return range_seen;
        }
        const Condition* condition = model.whole.find(field.name);
        range_seen = range_seen || (condition != nullptr && condition->bounds == Bounds::Range);
    }
    return false;
}

}  // namespace

void find_range_before_sort(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (model.sort.empty() || !query.before.sorts || query.before.scans || query.after.sorts ||
            query.after.us > query.before.us * (1 - kSparedShare)) {
            return;
        }
        for (const ExistingIndex& index : context.sample.indexes) {
            if (!has_range_before_sort(index.definition, model)) {
                continue;
            }
            out.push_back(
                {"range_before_sort",
                 Severity::Warning,
                 context.sample.name,
                 model.label,
                 fmt::format("{} has {}'s range before its sort, so the result is sorted in memory",
                             index.definition.name,
                             model.label),
                 fmt::format("{}: {:.0f} keys and documents examined a call, {:.0f} with {}",
                             project::key_text(index.definition.key),
                             query.before.keys + query.before.docs,
                             query.after.keys + query.after.docs,
                             query.index_after),
                 fmt::format("equality first, then the sort, then the range: {}",
                             create_all_text(context.sample.name, query.index_after))});
        }
    });
}

}  // namespace plumb::advise
