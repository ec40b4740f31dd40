// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

// In the order of an index that does not have the filter a query reads on until it has found
// enough.
constexpr double kReadOn = 3;
constexpr double kSparedShare = 0.5;

// An index that has fields of the filter and not the order: the planner's other choice, which
// sorts.
const ExistingIndex* index_without_order(const CollectionSample& sample, const QueryModel& model) {
    for (const ExistingIndex& index : sample.indexes) {
        const std::string first{index.definition.key.view().front().name};
        const Condition* condition = model.whole.find(first);
        const bool filters = condition != nullptr && condition->bounds == Bounds::Point;
        if (filters && !index.definition.key.has(model.sort[0].path)) {
            return &index;
        }
    }
    return nullptr;
}

// No index has both the filter and the order, so a server may sort, or may read in order and throw
// most away; which of them its trial decides.
void find_order_without_filter(const FindingContext& context,
                               const QueryModel& model,
                               const QueryAdvice& query,
                               std::vector<Finding>& out) {
    const ExistingIndex* sorting =
        model.sort.empty() ? nullptr : index_without_order(context.sample, model);
    if (sorting == nullptr || query.before.scans || query.after.scans || query.after.sorts ||
        query.before.docs < kReadOn * query.before.returned ||
        query.after.us > query.before.us * (1 - kSparedShare)) {
        return;
    }
    out.push_back({"sort_in_memory",
                   Severity::Warning,
                   context.sample.name,
                   model.label,
                   fmt::format("{} has no index for its filter and its order: with {} it sorts in "
                               "memory by {}, with {} it reads on in order",
                               model.label,
                               sorting->definition.name,
                               model.sort[0].path,
                               query.index_before),
                   fmt::format("{:.0f} times a minute, {:.0f} keys and documents examined each for "
                               "{:.0f} found",
                               model.calls_a_minute,
                               query.before.keys + query.before.docs,
                               query.before.returned),
                   create_all_text(context.sample.name, query.index_after)});
}

}  // namespace

void find_sort_in_memory(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (!query.before.sorts) {
            find_order_without_filter(context, model, query, out);
            return;
        }
        if (query.before.returned < 2) {
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
