// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

// Whole documents of this size are worth a projection …
constexpr double kLargeDocument = 512;
// … where so much is sent by one call, or a minute.
constexpr double kBytesACall = 64.0 * 1024;
constexpr double kBytesAMinute = 16.0 * 1024 * 1024;
constexpr double kDocumentsACall = 2;

}  // namespace

void find_over_fetching(const FindingContext& context, std::vector<Finding>& out) {
    const double size = document_bytes(context.sample);
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const bool sends = model.shape.operation == "find" && !model.needs;
        const double bytes = size * query.before.returned;
        const double a_minute = bytes * model.calls_a_minute;
        if (!sends || size < kLargeDocument || query.before.returned < kDocumentsACall ||
            (bytes < kBytesACall && a_minute < kBytesAMinute)) {
            return;
        }
        out.push_back(
            {"over_fetching",
             Severity::Warning,
             context.sample.name,
             model.label,
             fmt::format("{} fetches whole documents of {}", model.label, context.sample.name),
             fmt::format("{:.0f} documents of {:.0f} bytes are {:.1f} kB a call, {:.1f} MB "
                         "a minute; no projection names what is needed",
                         query.before.returned,
                         size,
                         bytes / 1000,
                         a_minute / 1e6),
             "name the fields that are shown: projection {field: 1, …}"});
    });
}

}  // namespace plumb::advise
