// SPDX-License-Identifier: GPL-3.0-or-later
// What writes cost, from the workload's own writes before and after.
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::bench {
namespace {

using workload::Promise;

std::string write_line(const RowComparison& row) {
    return fmt::format("{} {}: {} → {}{}",
                       row.after.id,
                       row.after.title,
                       duration_text(row.before.p50_ns),
                       duration_text(row.after.p50_ns),
                       row.verdict == Verdict::NoDifference ? " (no difference)" : "");
}

// after / before of the medians, had the bare round trip cost in the later run what it cost in the
// earlier one.
double slower_at_the_same_round_trip(const RowComparison& row) {
    const double moved = row.before.ping_ns > 0 && row.after.ping_ns > 0
                             ? row.before.ping_ns - row.after.ping_ns
                             : 0;
    return std::max(row.after.p50_ns + moved, row.after.p50_ns / 10) / row.before.p50_ns;
}

}  // namespace

// Indexes cost writes their upkeep and save them the search for what they change. The price is
// judged where the two are not mixed: inserts, else writes that are found the same way as before.
void judge_writes_by_rows(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    std::vector<const RowComparison*> inserts;
    std::vector<const RowComparison*> same_plan;
    for (const RowComparison& row : in.rows) {
        const bool listed =
            std::find(promise.rows.begin(), promise.rows.end(), row.after.id) != promise.rows.end();
        if (!listed || row.verdict == Verdict::NotMeasured) {
            continue;
        }
        out.reasons.push_back(write_line(row));
        if (row.after.inserts_only) {
            inserts.push_back(&row);
        } else if (row.before.plan == row.after.plan) {
            same_plan.push_back(&row);
        }
    }
    double log_sum = 0;
    double weight = 0;
    std::vector<std::string> judged;
    for (const RowComparison* row : inserts.empty() ? same_plan : inserts) {
        log_sum += row->after.frequency * std::log(slower_at_the_same_round_trip(*row));
        weight += row->after.frequency;
        judged.push_back(row->after.id);
    }
    if (weight <= 0) {
        out.reasons.push_back("no write was measured whose upkeep can be told from its search");
        return;
    }
    const double slower = 100 * (std::exp(log_sum / weight) - 1);
    out.measured = fmt::format("{} {} ({}, at the same round trip)",
                               percent_text(std::abs(slower)),
                               slower >= 0 ? "slower" : "faster",
                               fmt::format("{}", fmt::join(judged, ", ")));
    if (slower > promise.range.high) {
        out.verdict = Verdict::Missed;
    } else {
        out.verdict = slower < promise.range.low ? Verdict::Exceeded : Verdict::Met;
    }
}

}  // namespace plumb::bench
