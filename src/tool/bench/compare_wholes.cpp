// SPDX-License-Identifier: GPL-3.0-or-later
// Promises about the workload as a whole: CPU, network, the price of writes, sizes of indexes.
#include "tool/bench/compare.h"
#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace plumb::bench {
namespace {

using workload::Promise;
using workload::PromiseKind;

constexpr double kMegabyte = 1e6;
// Changes of CPU and bytes below this are within what repeating the run changes.
constexpr double kNoise = 5;

struct Inputs {
    const std::vector<RowComparison>& rows;
    const std::vector<IndexComparison>& indexes;
};

std::string join(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ", "));
}

// Per cent less of what a minute of the workload costs, and the rows that make up most of the rest.
struct Change {
    double before = 0;
    double after = 0;
    bool known = false;
    [[nodiscard]] double less_percent() const { return 100 * (1 - after / before); }
};

std::string less_text(double percent) {
    return percent_text(std::abs(percent)) + (percent >= 0 ? " less" : " more");
}

template <class Cost>
Change weigh(const std::vector<RowComparison>& rows, Cost cost) {
    Change out;
    for (const RowComparison& row : rows) {
        const double before = cost(row.before);
        const double after = cost(row.after);
        if (row.verdict != Verdict::NotMeasured && before >= 0 && after >= 0) {
            out.before += row.after.frequency * before;
            out.after += row.after.frequency * after;
        }
    }
    out.known = out.before > 0;
    return out;
}

// The rows that cost most afterwards, with their share.
template <class Cost>
std::string costliest(const std::vector<RowComparison>& rows, const Change& change, Cost cost) {
    std::vector<std::pair<double, std::string>> shares;
    for (const RowComparison& row : rows) {
        const double share = row.after.frequency * cost(row.after) / change.after;
        if (share > 0.05) {
            shares.emplace_back(share, row.after.id);
        }
    }
    std::sort(shares.rbegin(), shares.rend());
    std::vector<std::string> parts;
    for (std::size_t index = 0; index < std::min<std::size_t>(3, shares.size()); ++index) {
        parts.push_back(
            fmt::format("{} {}", shares[index].second, percent_text(100 * shares[index].first)));
    }
    return join(parts);
}

Verdict judge_less(double less, const workload::Range& range) {
    if (std::abs(less) < kNoise) {
        return Verdict::NoDifference;
    }
    if (less < range.low) {
        return Verdict::Missed;
    }
    return less > range.high ? Verdict::Exceeded : Verdict::Met;
}

void judge_cpu(const Promise& promise, const Inputs& in, WholeComparison& out) {
    const auto cost = [](const Row& row) { return row.server_cpu_ns; };
    const Change change = weigh(in.rows, cost);
    if (!change.known) {
        out.reasons.push_back("the server does not report its CPU time");
        return;
    }
    out.measured = fmt::format("{}: {} → {} of CPU for a minute of the workload",
                               less_text(change.less_percent()),
                               duration_text(change.before),
                               duration_text(change.after));
    out.verdict = judge_less(change.less_percent(), promise.range);
    out.reasons.push_back("most of what is left: " + costliest(in.rows, change, cost));
}

// Bytes that the same calls received in both runs: the mean over those that both made. A slow run
// makes fewer, and a single customer with many documents would weigh more in it.
std::pair<double, double> bytes_of_same_calls(const RowComparison& row) {
    const auto& before = row.before.kept_bytes;
    const auto& after = row.after.kept_bytes;
    const std::size_t both = std::min(before.size(), after.size());
    if (both == 0) {
        return {row.before.bytes_received, row.after.bytes_received};
    }
    const auto count = static_cast<std::ptrdiff_t>(both);
    return {
        std::accumulate(before.begin(), before.begin() + count, 0.0) / static_cast<double>(both),
        std::accumulate(after.begin(), after.begin() + count, 0.0) / static_cast<double>(both)};
}

void judge_network(const Promise& promise, const Inputs& in, WholeComparison& out) {
    Change change;
    for (const RowComparison& row : in.rows) {
        if (row.verdict != Verdict::NotMeasured) {
            const auto [before, after] = bytes_of_same_calls(row);
            change.before += row.after.frequency * before;
            change.after += row.after.frequency * after;
        }
    }
    if (change.before <= 0) {
        out.reasons.push_back("no bytes were counted");
        return;
    }
    out.measured = fmt::format("{}: {} → {} received for a minute of the workload",
                               less_text(change.less_percent()),
                               bytes_text(change.before),
                               bytes_text(change.after));
    out.verdict = judge_less(change.less_percent(), promise.range);
    if (out.verdict != Verdict::Met && out.verdict != Verdict::Exceeded) {
        out.reasons.push_back(
            "the same documents are returned; only projections or pages would send less");
    }
    const auto cost = [](const Row& row) { return row.bytes_received; };
    out.reasons.push_back("most of it: " + costliest(in.rows, weigh(in.rows, cost), cost));
}

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

// Indexes cost writes their upkeep and save them the search for what they change. The price is
// judged where the two are not mixed: inserts, else writes that are found the same way as before.
void judge_writes(const Promise& promise, const Inputs& in, WholeComparison& out) {
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
                               join(judged));
    if (slower > promise.range.high) {
        out.verdict = Verdict::Missed;
    } else {
        out.verdict = slower < promise.range.low ? Verdict::Exceeded : Verdict::Met;
    }
}

std::vector<const IndexComparison*> new_indexes(const Inputs& in) {
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

void judge_index_size(const Promise& promise, const Inputs& in, WholeComparison& out) {
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
    out.verdict = above > 0 ? Verdict::Missed : Verdict::Met;
    out.reasons.push_back(
        fmt::format("{} of {} new indexes are larger than promised", above, added.size()));
}

void judge_indexes_size(const Promise& promise, const Inputs& in, WholeComparison& out) {
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
    out.verdict = sum > promise.range.high ? Verdict::Missed : Verdict::Met;
}

}  // namespace

std::vector<WholeComparison> compare_wholes(const workload::Workload& workload,
                                            const std::vector<RowComparison>& rows,
                                            const std::vector<IndexComparison>& indexes) {
    const Inputs in{rows, indexes};
    std::vector<WholeComparison> out;
    for (const Promise& promise : workload.promises) {
        WholeComparison one;
        one.name = promise.name;
        const auto& [low, high] = promise.range;
        switch (promise.kind) {
            case PromiseKind::Latency:
                continue;
            case PromiseKind::Cpu:
                one.promised = fmt::format("{}–{} % less", low, high);
                judge_cpu(promise, in, one);
                break;
            case PromiseKind::Network:
                one.promised = fmt::format("{}–{} % less", low, high);
                judge_network(promise, in, one);
                break;
            case PromiseKind::WriteCost:
                one.promised = fmt::format("at most {} % slower", high);
                judge_writes(promise, in, one);
                break;
            case PromiseKind::IndexBytes:
                one.promised = fmt::format("{}–{} MB", low, high);
                judge_index_size(promise, in, one);
                break;
            case PromiseKind::IndexesBytes:
                one.promised = fmt::format("{}–{} MB", low, high);
                judge_indexes_size(promise, in, one);
                break;
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace plumb::bench
