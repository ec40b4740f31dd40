// SPDX-License-Identifier: GPL-3.0-or-later
// Promises that no figure of the workload answers: the way back, and how much data there was.
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::bench {
namespace {

constexpr double kMsPerMinute = 60'000;

std::string rollback_line(const RollbackInfo& one) {
    return fmt::format("{} took {} by {}{}{}",
                       one.version.empty() ? "all migrations" : one.version,
                       duration_text(static_cast<double>(one.ms) * 1e6),
                       one.source,
                       one.at.empty() ? "" : ", " + one.at,
                       !one.data_checked    ? ""
                       : one.data_untouched ? "; the documents were compared and are the same"
                                            : "; documents differ afterwards");
}

}  // namespace

void judge_rollback(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const std::vector<RollbackInfo>& all = in.after.rollbacks;
    if (all.empty()) {
        out.reasons.push_back(
            "no migration was taken back: `plumb rehearse` measures it on a copy, "
            "`plumb migrate rollback` on the database");
        return;
    }
    const auto slowest =
        std::max_element(all.begin(), all.end(), [](const RollbackInfo& a, const RollbackInfo& b) {
            return a.ms < b.ms;
        });
    const bool touched = std::any_of(all.begin(), all.end(), [](const RollbackInfo& one) {
        return one.data_checked && !one.data_untouched;
    });
    const bool checked = std::any_of(
        all.begin(), all.end(), [](const RollbackInfo& one) { return one.data_checked; });
    out.after = duration_text(static_cast<double>(slowest->ms) * 1e6);
    out.measured = fmt::format("{}, {}",
                               out.after,
                               touched   ? "documents differ afterwards"
                               : checked ? "no document differs"
                                         : "documents were not compared");
    for (const RollbackInfo& one : all) {
        out.reasons.push_back(rollback_line(one));
    }
    const double minutes = static_cast<double>(slowest->ms) / kMsPerMinute;
    out.verdict = touched || minutes > promise.range.high ? Verdict::Missed : Verdict::Met;
}

void judge_scale(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const CollectionInfo* largest = nullptr;
    double documents = 0;
    for (const CollectionInfo& one : in.after.collections) {
        if (one.name.starts_with("_")) {
            continue;
        }
        documents += static_cast<double>(one.documents);
        if (largest == nullptr || one.documents > largest->documents) {
            largest = &one;
        }
    }
    if (largest == nullptr) {
        out.reasons.push_back("there is no collection");
        return;
    }
    const auto most = static_cast<double>(largest->documents);
    out.after = count_text(most);
    out.measured = fmt::format(
        "{} documents in {}, {} in all", count_text(most), largest->name, count_text(documents));
    if (most < promise.range.low) {
        out.reasons.push_back(
            fmt::format("nothing was measured at {} documents", count_text(promise.range.low)));
        return;
    }
    out.verdict = Verdict::Met;
    const auto kept = std::count_if(in.rows.begin(), in.rows.end(), [](const RowComparison& row) {
        return row.promise.has_value() &&
               (row.verdict == Verdict::Met || row.verdict == Verdict::Exceeded);
    });
    const auto all = std::count_if(in.rows.begin(), in.rows.end(), [](const RowComparison& row) {
        return row.promise.has_value();
    });
    out.reasons.push_back(
        fmt::format("of the {} promised factors {} hold at this size", all, kept));
}

}  // namespace plumb::bench
