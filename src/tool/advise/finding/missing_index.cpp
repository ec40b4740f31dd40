// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

// What an index must spare of a scan's cost to be called missing.
constexpr double kSparedShare = 0.5;

}  // namespace

void find_missing_index(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (model.writes != WriteKind::None || !query.before.scans || query.after.scans ||
            query.before.docs < kWorthAnIndex ||
            query.after.us > query.before.us * (1 - kSparedShare)) {
            return;
        }
        out.push_back(
            {"missing_index",
             Severity::Problem,
             context.sample.name,
             model.label,
             fmt::format("{} scans {} and has no index for it", model.label, context.sample.name),
             fmt::format("{:.0f} times a minute; {:.0f} documents examined, {:.0f} keys and "
                         "documents with {}",
                         model.calls_a_minute,
                         query.before.docs,
                         query.after.docs + query.after.keys,
                         query.index_after),
             create_all_text(context.sample.name, query.index_after)});
    });
}

}  // namespace plumb::advise
