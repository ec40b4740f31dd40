// SPDX-License-Identifier: GPL-3.0-or-later
// A promise held against a measurement, and the reason that the measurements give.
//
// Reasons come from rules over figures alone, never from knowing the application.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/bootstrap.h"
#include "tool/bench/recording.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

enum class Verdict : std::uint8_t {
    Exceeded,
    Met,
    Missed,
    NoDifference,  // the interval of the ratio holds 1, or the ratio is within the runs' noise
    NoPromise,     // a difference, but nothing was promised
    NotMeasured,
};

// "exceeded", "met", "missed", "no difference", "no promise", "not measured"
[[nodiscard]] std::string_view verdict_text(Verdict verdict);

// What the rules look at.
struct Evidence {
    const Row& before;
    const Row& after;
    Interval factor;                  // before / after of the medians
    double collection_documents = 0;  // of the row's collection; 0 if unknown
    double ping_ns = 0;               // of the later run, where the row has none of its own
    std::int64_t indexes_before = 0;  // on the row's collection
    std::int64_t indexes_after = 0;
    bool lookup_is_indexed = true;  // the field of the row's $lookup leads an index
    std::optional<workload::Promise> promise;
};

// `noise`: how far two runs differ of which nothing was changed (0.05 is five per cent).
[[nodiscard]] Verdict judge(const Interval& factor,
                            const std::optional<workload::Promise>& promise,
                            double noise);

// True if what changed between two runs of a query is mostly what a bare round trip costs.
[[nodiscard]] bool round_trip_moved(const Row& before, const Row& after);

// Why the figures are what they are, the most telling reason first; at most three.
[[nodiscard]] std::vector<std::string> explain_figures(const Evidence& evidence);

// The codes of the rules that apply, in the same order: for tests and machines.
[[nodiscard]] std::vector<std::string_view> applying_rules(const Evidence& evidence);

}  // namespace plumb::bench
