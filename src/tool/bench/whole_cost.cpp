// SPDX-License-Identifier: GPL-3.0-or-later
// What a minute of the workload costs: CPU of the server and bytes on the network.
#include "base/random.h"
#include "tool/bench/figures.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace plumb::bench {
namespace {

using workload::Promise;

// Changes of CPU and bytes below this are within what repeating the run changes.
constexpr double kNoise = 5;
constexpr std::uint64_t kBootstrapSeed = 2026;
constexpr std::size_t kResamples = 1000;

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
    if (std::abs(percent) < 0.05) {
        return "the same";
    }
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

// What a minute of the workload cost in each round, of the rows that both runs measured in all.
std::vector<double> minutes_by_round(const std::vector<RowComparison>& rows, bool after) {
    std::size_t rounds = 0;
    for (const RowComparison& row : rows) {
        rounds = std::max({rounds, row.before.round_cpu_ns.size(), row.after.round_cpu_ns.size()});
    }
    std::vector<double> out(rounds, 0);
    for (const RowComparison& row : rows) {
        if (row.before.round_cpu_ns.size() != rounds || row.after.round_cpu_ns.size() != rounds) {
            continue;
        }
        const auto& costs = after ? row.after.round_cpu_ns : row.before.round_cpu_ns;
        for (std::size_t round = 0; round < rounds; ++round) {
            out[round] += row.after.frequency * costs[round];
        }
    }
    return out;
}

const Mixed* mixed_run(const Recording& recording, bool open) {
    const auto found = std::find_if(recording.mixed.begin(),
                                    recording.mixed.end(),
                                    [open](const Mixed& one) { return (one.rate > 0) == open; });
    return found == recording.mixed.end() ? nullptr : &*found;
}

// What the mixed runs, if there are two of a kind, say about a cost of theirs.
void add_mixed_reason(const WholeInputs& in,
                      double Mixed::*cost,
                      std::string (*text)(double),
                      std::vector<std::string>& reasons) {
    for (const bool open : {false, true}) {
        const Mixed* before = mixed_run(in.before, open);
        const Mixed* after = mixed_run(in.after, open);
        if (before == nullptr || after == nullptr || before->calls == 0 || after->calls == 0 ||
            before->*cost < 0 || after->*cost < 0) {
            continue;
        }
        reasons.push_back(fmt::format("mixed run, {}: {} → {} a call; {} → {} calls a second",
                                      open ? "at the same rate" : "as fast as it goes",
                                      text(before->*cost / static_cast<double>(before->calls)),
                                      text(after->*cost / static_cast<double>(after->calls)),
                                      count_text(before->throughput),
                                      count_text(after->throughput)));
    }
}

// Bytes that one call received in both runs.
struct CallBytes {
    double frequency = 0;
    std::vector<double> before;
    std::vector<double> after;
};

// The calls that both runs made. A slow run makes fewer, and a single customer with many documents
// would weigh more in it.
std::vector<CallBytes> same_calls(const std::vector<RowComparison>& rows) {
    std::vector<CallBytes> out;
    for (const RowComparison& row : rows) {
        if (row.verdict == Verdict::NotMeasured) {
            continue;
        }
        CallBytes one{row.after.frequency, row.before.kept_bytes, row.after.kept_bytes};
        const std::size_t both = std::min(one.before.size(), one.after.size());
        one.before.resize(both);
        one.after.resize(both);
        if (both == 0) {
            one.before = {row.before.bytes_received};
            one.after = {row.after.bytes_received};
        }
        out.push_back(std::move(one));
    }
    return out;
}

std::pair<double, double> minute_of(const std::vector<CallBytes>& calls, Random* random) {
    std::pair<double, double> out{0, 0};
    for (const CallBytes& row : calls) {
        std::pair<double, double> sum{0, 0};
        for (std::size_t index = 0; index < row.before.size(); ++index) {
            const std::size_t drawn = random == nullptr ? index : random->below(row.before.size());
            sum.first += row.before[drawn];
            sum.second += row.after[drawn];
        }
        const auto count = static_cast<double>(row.before.size());
        out.first += row.frequency * sum.first / count;
        out.second += row.frequency * sum.second / count;
    }
    return out;
}

Interval bytes_ratio(const std::vector<CallBytes>& calls) {
    const auto [before, after] = minute_of(calls, nullptr);
    Random random{kBootstrapSeed};
    std::vector<double> ratios;
    for (std::size_t round = 0; round < kResamples; ++round) {
        const auto [above, below] = minute_of(calls, &random);
        ratios.push_back(below / above);
    }
    std::sort(ratios.begin(), ratios.end());
    const double point = after / before;
    return {point,
            std::min(point, ratios[kResamples * 25 / 1000]),
            std::max(point, ratios[kResamples * 975 / 1000])};
}

std::string interval_less_text(const Interval& ratio) {
    // No "-0".
    const auto whole = [](double percent) { return std::lround(percent); };
    return fmt::format("{} ({} to {} %)",
                       less_text(100 * (1 - ratio.point)),
                       whole(100 * (1 - ratio.high)),
                       whole(100 * (1 - ratio.low)));
}

Verdict judge_less(const Interval& ratio, const workload::Range& range) {
    const double less = 100 * (1 - ratio.point);
    if (std::abs(less) < kNoise || ratio.spans_one()) {
        return Verdict::NoDifference;
    }
    if (less < range.low) {
        return Verdict::Missed;
    }
    return less > range.high ? Verdict::Exceeded : Verdict::Met;
}

}  // namespace

void judge_cpu(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const auto cost = [](const Row& row) { return row.server_cpu_ns; };
    const Change change = weigh(in.rows, cost);
    if (!change.known) {
        out.reasons.push_back("the server does not report its CPU time");
        return;
    }
    const std::vector<double> before = minutes_by_round(in.rows, false);
    const std::vector<double> after = minutes_by_round(in.rows, true);
    Interval ratio{change.after / change.before, 1, 1};
    if (before.empty() || std::accumulate(before.begin(), before.end(), 0.0) <= 0) {
        ratio.low = ratio.high = ratio.point;
    } else {
        const Interval drawn = ratio_of_means(after, before, kBootstrapSeed);
        ratio.low = ratio.point * drawn.low / drawn.point;
        ratio.high = ratio.point * drawn.high / drawn.point;
    }
    out.ratio = ratio;
    out.before = duration_text(change.before);
    out.after = duration_text(change.after);
    out.measured = fmt::format("{}: {} → {} of CPU for a minute of the workload",
                               interval_less_text(ratio),
                               out.before,
                               out.after);
    out.verdict = judge_less(ratio, promise.range);
    if (change.after > 0) {
        out.reasons.push_back("most of what is left: " + costliest(in.rows, change, cost));
    }
    add_mixed_reason(in, &Mixed::server_cpu_ns, duration_text, out.reasons);
}

void judge_network(const Promise& promise, const WholeInputs& in, WholeComparison& out) {
    const std::vector<CallBytes> calls = same_calls(in.rows);
    const auto [before, after] = minute_of(calls, nullptr);
    if (before <= 0) {
        out.reasons.push_back("no bytes were counted");
        return;
    }
    out.ratio = bytes_ratio(calls);
    out.before = bytes_text(before);
    out.after = bytes_text(after);
    out.measured = fmt::format("{}: {} → {} received for a minute of the workload",
                               interval_less_text(*out.ratio),
                               out.before,
                               out.after);
    out.verdict = judge_less(*out.ratio, promise.range);
    if (out.verdict != Verdict::Met && out.verdict != Verdict::Exceeded) {
        out.reasons.push_back(
            "the same documents are returned; only projections or pages would send less");
    }
    const auto cost = [](const Row& row) { return row.bytes_received; };
    out.reasons.push_back("most of it: " + costliest(in.rows, weigh(in.rows, cost), cost));
    add_mixed_reason(in, &Mixed::bytes_sent, bytes_text, out.reasons);
}

}  // namespace plumb::bench
