// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::advise {
namespace {

// A condition that says what a value is not; "!= null" is the usual way to ask for presence.
bool is_negation(const std::string& kind) {
    return kind == "!=" || kind.starts_with("not ");
}

}  // namespace

void find_negation_scan(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const std::vector<Predicate> predicates = predicates_of(model.shape);
        const auto negation = std::ranges::find_if(
            predicates, [](const Predicate& each) { return is_negation(each.kind); });
        // Where another condition narrows it down, the negation only tests what that finds.
        const double examined = query.after.scans ? query.after.docs : query.after.keys;
        if (negation == predicates.end() || examined < kWorthAnIndex || reduces(model.shape)) {
            return;
        }
        const auto values = few_values(context.sample, negation->path);
        out.push_back(
            {"negation_scan",
             Severity::Warning,
             context.sample.name,
             model.label,
             fmt::format("{} asks what {} is not: an index would read all but that",
                         model.label,
                         negation->path),
             fmt::format(
                 "{:.0f} keys and documents examined a call of {} documents, whatever index "
                 "there is{}",
                 query.after.docs + query.after.keys,
                 context.sample.documents,
                 values ? fmt::format("; {} has {}", negation->path, values_shown(*values))
                        : std::string{}),
             values ? fmt::format("ask for the values that are wanted: {{{}: {{$in: […]}}}}",
                                  negation->path)
                    : std::string{"add a condition that is selective, or a limit with a sort that "
                                  "an index gives"}});
    });
}

}  // namespace plumb::advise
