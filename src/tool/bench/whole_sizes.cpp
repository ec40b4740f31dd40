// SPDX-License-Identifier: GPL-3.0-or-later
// What indexes take: on disk and in the server's cache.
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::bench {
namespace {

using workload::Promise;

constexpr double kMegabyte = 1e6;

std::vector<const IndexComparison*> new_indexes(const WholeInputs& in) {
    std::vector<const IndexComparison*> out;
    for (const IndexComparison& one : in.indexes) {
        if (one.is_new && one.index.bytes > 0 && !one.collection.starts_with("_") &&
            one.index.name != "_id_") {
            out.push_back(&one);
        }
    }
    return out;
}

double megabytes(const IndexComparison& one) {
    return static_cast<double>(one.index.bytes) / kMegabyte;
}

}  // namespace

void judge_index_size(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const auto added = new_indexes(in);
    if (added.empty()) {
        out.reasons.push_back("no index was added");
        return;
    }
    std::size_t above = 0;
    double smallest = megabytes(*added.front());
    double largest = smallest;
    for (const IndexComparison* one : added) {
        above += megabytes(*one) > promise.range.high ? 1U : 0U;
        smallest = std::min(smallest, megabytes(*one));
        largest = std::max(largest, megabytes(*one));
    }
    out.measured =
        fmt::format("{} to {}", bytes_text(smallest * kMegabyte), bytes_text(largest * kMegabyte));
    out.after = out.measured;
    out.verdict = above > 0 ? Verdict::Missed : Verdict::Met;
    out.reasons.push_back(
        fmt::format("{} of {} new indexes are larger than promised", above, added.size()));
}

void judge_indexes_size(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const auto added = new_indexes(in);
    if (added.empty()) {
        out.reasons.push_back("no index was added");
        return;
    }
    double sum = 0;
    for (const IndexComparison* one : added) {
        sum += megabytes(*one);
    }
    out.measured = fmt::format("{} in {} new indexes", bytes_text(sum * kMegabyte), added.size());
    out.after = bytes_text(sum * kMegabyte);
    out.verdict = sum > promise.range.high ? Verdict::Missed : Verdict::Met;
    const auto* const largest =
        *std::max_element(added.begin(), added.end(), [](const auto* a, const auto* b) {
            return a->index.bytes < b->index.bytes;
        });
    out.reasons.push_back(fmt::format("the largest is {}.{}: {}",
                                      largest->collection,
                                      largest->index.name,
                                      bytes_text(megabytes(*largest) * kMegabyte)));
}

void judge_memory(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const auto added = new_indexes(in);
    if (added.empty()) {
        out.reasons.push_back("no index was added");
        return;
    }
    const Resources& before = in.before.resources;
    const Resources& after = in.after.resources;
    if (before.cache_bytes >= 0 && after.cache_bytes >= 0) {
        out.reasons.push_back(fmt::format("the whole cache held {} before and {} after",
                                          bytes_text(static_cast<double>(before.cache_bytes)),
                                          bytes_text(static_cast<double>(after.cache_bytes))));
    }
    double sum = 0;
    for (const IndexComparison* one : added) {
        if (one->index.cache_bytes < 0) {
            out.reasons.insert(out.reasons.begin(),
                               "this server does not tell what an index holds of its cache");
            return;
        }
        sum += static_cast<double>(one->index.cache_bytes) / kMegabyte;
    }
    out.measured = fmt::format("{} of the cache held by {} new indexes after the run",
                               bytes_text(sum * kMegabyte),
                               added.size());
    out.after = bytes_text(sum * kMegabyte);
    out.verdict = sum > promise.range.high ? Verdict::Missed : Verdict::Met;
    if (out.verdict == Verdict::Missed) {
        const std::size_t count = static_cast<std::size_t>(
            std::count_if(added.begin(), added.end(), [&promise](const auto* one) {
                return static_cast<double>(one->index.cache_bytes) / kMegabyte >
                       promise.range.high / 4;
            }));
        out.reasons.push_back(fmt::format(
            "{} of them alone hold more than a quarter of what was promised for all", count));
    }
}

}  // namespace plumb::bench
