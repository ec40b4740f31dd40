// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"
#include "tool/capture/shape.h"

#include <fmt/format.h>

namespace plumb::advise {

void find_unbounded_regex(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice&) {
        if (model.shape.text.find(": regex}") == std::string::npos &&
            model.shape.text.find(": regex,") == std::string::npos) {
            return;
        }
        out.push_back({"unbounded_regex",
                       Severity::Warning,
                       context.sample.name,
                       model.label,
                       fmt::format("{} looks for a pattern without a fixed beginning", model.label),
                       model.shape.text,
                       "anchor it (^…, case as stored), or keep a folded copy of the field to "
                       "look in"});
    });
}

}  // namespace plumb::advise
