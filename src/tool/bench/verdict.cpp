// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/verdict.h"

#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb::bench {
namespace {

constexpr std::size_t kReasonsMax = 3;
// A query that matches this share of its collection reads most of it, whatever the index.
constexpr double kMuch = 0.2;
// A median within this many round trips is a round trip and little else.
constexpr double kFewRoundTrips = 2.5;
// A change that the round trip alone makes up this share of is none of the query.
constexpr double kMovedShare = 0.5;
// A round trip that moved by less than this share of itself did not move.
constexpr double kMovedLeast = 0.2;
constexpr double kManyBytes = 256 * 1024;
constexpr std::int64_t kFewSamples = 5;

// Documents that the query matches, as far as the later run shows it.
double matched(const Evidence& e) {
    const double by_index = e.after.collection_scan ? 0 : e.after.keys_examined;
    return std::max(e.after.documents, by_index);
}

double matched_share(const Evidence& e) {
    return e.collection_documents > 0 ? matched(e) / e.collection_documents : 0;
}

bool gained(const Evidence& e) {
    return !e.factor.spans_one() && e.factor.point > 1;
}

// Less than what was promised, or no gain where nothing was.
bool fell_short(const Evidence& e) {
    return e.promise.has_value() ? e.factor.point < e.promise->range.low : !gained(e);
}

bool matches_much(const Evidence& e) {
    return fell_short(e) && e.after.commands == 1 && !e.after.writes && matched_share(e) >= kMuch;
}

std::string matches_much_text(const Evidence& e) {
    const bool index_costs_more =
        e.factor.high < 1 && e.before.collection_scan && !e.after.collection_scan;
    return fmt::format(
        "matches {} of the {} documents of {} ({}): an index cannot skip what is "
        "returned{}",
        count_text(matched(e)),
        count_text(e.collection_documents),
        e.after.collection,
        percent_text(100 * matched_share(e)),
        index_costs_more ? ", and fetching that many one by one through the index "
                           "takes longer than the scan did"
                         : "");
}

bool lookup_scans(const Evidence& e) {
    return e.after.looks_up && !e.lookup_is_indexed;
}

std::string lookup_scans_text(const Evidence& e) {
    return fmt::format(
        "its $lookup searches {} by {}, where no index begins with that field: the "
        "whole collection is read, by many servers once for each of its documents",
        e.after.lookup_from,
        e.after.lookup_field);
}

bool still_scans(const Evidence& e) {
    return e.after.collection_scan && e.after.counted && e.after.docs_examined > 0 &&
           (e.after.writes || e.after.commands > 1 || matched_share(e) < kMuch);
}

std::string still_scans_text(const Evidence& e) {
    if (e.after.commands > 1) {
        return fmt::format("some of its {} commands still scan a collection ({} examined in all)",
                           e.after.commands,
                           documents_text(e.after.docs_examined));
    }
    return fmt::format("no index serves it: still a scan of {}",
                       documents_text(e.after.docs_examined));
}

double ping_of(const Evidence& e) {
    return e.after.ping_ns > 0 ? e.after.ping_ns : e.ping_ns;
}

std::string round_trip_moved_text(const Evidence& e) {
    return fmt::format(
        "the bare round trip itself went from {} to {} between the runs; beyond it the "
        "call takes {} before and {} after",
        duration_text(e.before.ping_ns),
        duration_text(e.after.ping_ns),
        duration_text(std::max(0.0, e.before.p50_ns - e.before.ping_ns)),
        duration_text(std::max(0.0, e.after.p50_ns - e.after.ping_ns)));
}

bool round_trip_moved_rule(const Evidence& e) {
    return round_trip_moved(e.before, e.after);
}

bool round_trip_rules(const Evidence& e) {
    return fell_short(e) && ping_of(e) > 0 && e.after.p50_ns <= kFewRoundTrips * ping_of(e);
}

std::string round_trip_rules_text(const Evidence& e) {
    const bool fast_before = e.before.p50_ns <= 2 * kFewRoundTrips * ping_of(e);
    return fmt::format("{}, of which {} are a bare round trip: there is nothing left to gain",
                       fast_before
                           ? fmt::format("already fast before: {}", duration_text(e.before.p50_ns))
                           : fmt::format("{} now", duration_text(e.after.p50_ns)),
                       duration_text(std::min(ping_of(e), e.after.p50_ns)));
}

bool small_before(const Evidence& e) {
    return fell_short(e) && e.promise.has_value() && e.promise->before_ms.has_value() &&
           e.before.p50_ns < e.promise->before_ms->low * 1e6;
}

std::string small_before_text(const Evidence& e) {
    return fmt::format("started from {}, not from the {} to {} ms that the promise assumes",
                       duration_text(e.before.p50_ns),
                       e.promise->before_ms->low,
                       e.promise->before_ms->high);
}

bool sorts_still(const Evidence& e) {
    return e.after.sorts_in_memory && !e.after.collection_scan;
}

std::string sorts_still_text(const Evidence& e) {
    return fmt::format(
        "a sort in memory remains ({} examined for {} returned): no index gives the "
        "order",
        documents_text(e.after.docs_examined),
        count_text(e.after.documents));
}

bool transfers_much(const Evidence& e) {
    return fell_short(e) && e.after.bytes_received >= kManyBytes;
}

std::string transfers_much_text(const Evidence& e) {
    return fmt::format("{} travel at each call, which no index makes smaller",
                       bytes_text(e.after.bytes_received));
}

bool insert_maintains(const Evidence& e) {
    return e.after.inserts_only && e.indexes_after != e.indexes_before;
}

std::string insert_maintains_text(const Evidence& e) {
    return fmt::format(
        "each insert now maintains {} indexes instead of {}", e.indexes_after, e.indexes_before);
}

bool examines_fewer(const Evidence& e) {
    return e.before.counted && e.after.counted && gained(e) &&
           e.after.docs_examined < e.before.docs_examined * 0.8;
}

std::string examines_fewer_text(const Evidence& e) {
    return fmt::format("examines {} instead of {}",
                       documents_text(e.after.docs_examined),
                       count_text(e.before.docs_examined));
}

bool same_plan(const Evidence& e) {
    return !gained(e) && e.before.plan == e.after.plan && !e.after.collection_scan &&
           !e.after.inserts_only;
}

std::string same_plan_text(const Evidence&) {
    return "the plan did not change";
}

bool keeps_absolute(const Evidence& e) {
    return e.promise.has_value() && e.promise->after_ms.has_value() &&
           e.factor.point < e.promise->range.low &&
           e.after.p50_ns <= e.promise->after_ms->high * 1e6;
}

std::string keeps_absolute_text(const Evidence& e) {
    return fmt::format("the promised {} to {} ms afterwards are kept all the same: {}",
                       e.promise->after_ms->low,
                       e.promise->after_ms->high,
                       duration_text(e.after.p50_ns));
}

bool few_samples(const Evidence& e) {
    return std::min(e.before.samples, e.after.samples) < kFewSamples;
}

std::string few_samples_text(const Evidence& e) {
    return fmt::format(
        "{} and {} samples only: the interval says little", e.before.samples, e.after.samples);
}

struct Rule {
    std::string_view code;
    bool (*applies)(const Evidence&);
    std::string (*text)(const Evidence&);
};

// The most telling first.
constexpr auto kRules = std::to_array<Rule>({
    {"matches_much", matches_much, matches_much_text},
    {"lookup_scans", lookup_scans, lookup_scans_text},
    {"still_scans", still_scans, still_scans_text},
    {"insert_maintains", insert_maintains, insert_maintains_text},
    {"round_trip_moved", round_trip_moved_rule, round_trip_moved_text},
    {"round_trip", round_trip_rules, round_trip_rules_text},
    {"small_before", small_before, small_before_text},
    {"examines_fewer", examines_fewer, examines_fewer_text},
    {"sorts_still", sorts_still, sorts_still_text},
    {"transfers_much", transfers_much, transfers_much_text},
    {"same_plan", same_plan, same_plan_text},
    {"keeps_absolute", keeps_absolute, keeps_absolute_text},
    {"few_samples", few_samples, few_samples_text},
});

}  // namespace

std::string_view verdict_text(Verdict verdict) {
    constexpr std::array<std::string_view, 6> kTexts{
        "exceeded", "met", "missed", "no difference", "no promise", "not measured"};
    return kTexts[static_cast<std::size_t>(verdict)];
}

Verdict judge(const Interval& factor,
              const std::optional<workload::Promise>& promise,
              double noise) {
    if (factor.spans_one() || std::abs(std::log(factor.point)) <= std::log(1 + noise)) {
        return Verdict::NoDifference;
    }
    if (!promise.has_value()) {
        return Verdict::NoPromise;
    }
    if (factor.point < promise->range.low) {
        return Verdict::Missed;
    }
    return factor.point > promise->range.high ? Verdict::Exceeded : Verdict::Met;
}

bool round_trip_moved(const Row& before, const Row& after) {
    if (before.ping_ns <= 0 || after.ping_ns <= 0) {
        return false;
    }
    const double moved = std::abs(before.ping_ns - after.ping_ns);
    const double changed = std::abs(before.p50_ns - after.p50_ns);
    const double rest_before = std::max(0.0, before.p50_ns - before.ping_ns);
    const double rest_after = std::max(0.0, after.p50_ns - after.ping_ns);
    return moved > kMovedLeast * std::max(before.ping_ns, after.ping_ns) &&
           moved > kMovedShare * changed && std::abs(rest_before - rest_after) < moved;
}

std::vector<std::string> explain_figures(const Evidence& evidence) {
    std::vector<std::string> out;
    // Where nothing was promised and nothing gained, the first reason is enough.
    const std::size_t wanted = evidence.promise.has_value() || gained(evidence) ? kReasonsMax : 1;
    for (const Rule& rule : kRules) {
        if (out.size() < wanted && rule.applies(evidence)) {
            out.push_back(rule.text(evidence));
        }
    }
    return out;
}

std::vector<std::string_view> applying_rules(const Evidence& evidence) {
    std::vector<std::string_view> out;
    for (const Rule& rule : kRules) {
        if (rule.applies(evidence)) {
            out.push_back(rule.code);
        }
    }
    return out;
}

}  // namespace plumb::bench
