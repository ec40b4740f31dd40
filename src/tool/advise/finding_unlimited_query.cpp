// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

constexpr double kManyDocuments = 10'000;

}  // namespace

void find_unlimited_query(const FindingContext& context, std::vector<Finding>& out) {
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        if (model.shape.operation != "find" || model.limit > 0 ||
            query.before.returned < kManyDocuments) {
            return;
        }
        out.push_back({"unlimited_query",
                       Severity::Warning,
                       context.sample.name,
                       model.label,
                       fmt::format("{} returns {:.0f} documents and has no limit",
                                   model.label,
                                   query.before.returned),
                       model.needs ? std::string{"with a projection"}
                                   : std::string{"whole documents, without a projection"},
                       "page through it, and name the fields that are needed"});
    });
}

}  // namespace plumb::advise
