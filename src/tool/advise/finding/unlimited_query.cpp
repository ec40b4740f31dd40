// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

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
                       fmt::format("{:.1f} MB a call{}",
                                   query.before.returned * document_bytes(context.sample) / 1e6,
                                   model.needs ? " before its projection" : ", whole documents"),
                       "page through it by the last value seen: {_id: {$gt: last}}, limit 1000"});
    });
}

}  // namespace plumb::advise
