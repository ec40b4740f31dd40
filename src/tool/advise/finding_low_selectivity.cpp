// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

// An index scan of this share of a collection, with a fetch for each, costs as much as a scan.
constexpr double kHighShare = 0.25;

}  // namespace

void find_low_selectivity(const FindingContext& context, std::vector<Finding>& out) {
    const auto documents = static_cast<double>(context.sample.documents);
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const bool asks = !model.whole.conditions.empty();
        if (!asks || model.limit > 0 || documents < kWorthAnIndex ||
            query.before.returned < documents * kHighShare) {
            return;
        }
        out.push_back({"low_selectivity",
                       Severity::Warning,
                       context.sample.name,
                       model.label,
                       fmt::format("{} matches about {:.0f} % of {}: an index cannot make it much "
                                   "faster",
                                   model.label,
                                   100 * query.before.returned / documents,
                                   context.sample.name),
                       fmt::format("{:.0f} of {:.0f} documents, from a sample of {}",
                                   query.before.returned,
                                   documents,
                                   context.sample.rows.size()),
                       "read less: a projection that an index covers, a partial index on the rare "
                       "values, or smaller pages"});
    });
}

}  // namespace plumb::advise
