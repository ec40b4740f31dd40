// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

// Documents, and what is written, need the rest of the cache.
constexpr double kShareForOneIndex = 0.5;

void judge(const FurtherContext& context,
           const std::string& name,
           double bytes,
           bool there,
           std::vector<Finding>& out) {
    const auto cache = static_cast<double>(context.cache_bytes);
    if (bytes < cache * kShareForOneIndex) {
        return;
    }
    const bool larger = bytes >= cache;
    out.push_back(
        {"index_larger_than_memory",
         larger ? Severity::Problem : Severity::Warning,
         context.sample.name,
         name,
         fmt::format("{} {} {} the server's cache",
                     name,
                     there ? "is" : "would be",
                     larger ? "larger than" : "more than half of"),
         fmt::format("{:.1f} MB of index{}, {:.1f} MB of cache",
                     bytes / 1e6,
                     there ? "" : " by the forecast",
                     cache / 1e6),
         "a partial index on what is asked for, fewer or shorter fields, or more memory"});
}

}  // namespace

// An index that is asked at random places reads from disk at every call once it does not fit.
Status further_index_larger_than_memory(const FurtherContext& context, std::vector<Finding>& out) {
    if (context.cache_bytes <= 0) {
        return {};
    }
    for (const ExistingIndex& index : context.sample.indexes) {
        if (index.bytes > 0) {
            judge(context, index.definition.name, static_cast<double>(index.bytes), true, out);
        }
    }
    for (const IndexAdvice& index : context.advice.indexes) {
        if (index.what == IndexAdvice::What::Add && index.collection == context.sample.name) {
            judge(context, index.name, index.candidate.bytes, false, out);
        }
    }
    return {};
}

}  // namespace plumb::advise
