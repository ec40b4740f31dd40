// SPDX-License-Identifier: GPL-3.0-or-later
// How far two runs differ of which nothing was changed, estimated from the two runs themselves.
//
//   const Noise noise = noise_of(before, after);
//   if (std::abs(std::log(ratio)) <= noise.log_floor(row_before, row_after)) { … }   // no
//   difference
//
// Source   docs/decisions/0023
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"

namespace plumb::bench {

// From the median of |x| to the range that holds 95 % of x, for normal x: 1.96 / 0.674.
inline constexpr double kMedianTo95 = 2.9;

// Of the logarithm of a ratio of medians: so far apart are all but one in twenty of the queries of
// which nothing changed.
struct Noise {
    double log_typical = 0;
    // Of queries that are little longer than a bare round trip: where the scheduler puts client and
    // server decides those more than the query does.
    double log_short = 0;

    // For one query, whose own rounds may have differed more.
    [[nodiscard]] double log_floor(const Row& before, const Row& after) const;
    // As shares: 0.05 is five per cent.
    [[nodiscard]] double share() const;
    [[nodiscard]] double share_short() const;
};

[[nodiscard]] Noise noise_of(const Recording& before, const Recording& after);

// True if the medians differ by so little time that a bare round trip differs by more.
[[nodiscard]] bool within_a_round_trip(const Row& before, const Row& after);

}  // namespace plumb::bench
