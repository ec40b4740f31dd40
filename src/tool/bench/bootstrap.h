// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a ratio of two medians is, without assuming anything of how the values are distributed.
//
// Samples that were taken together are not independent: what slowed one slowed its neighbours. So
// they come in rounds, and rounds are drawn again before samples are (docs/decisions/0023).
//
// Source   percentile and two-stage (block) bootstrap (Efron, Tibshirani: An Introduction to the
//          Bootstrap, 1993; Davison, Hinkley: Bootstrap Methods and their Application, 1997, 3.8)
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace plumb::bench {

// A ratio and the range that holds it with 95 % confidence.
struct Interval {
    double point = 1;
    double low = 1;
    double high = 1;

    // A range that holds 1 shows no difference.
    [[nodiscard]] bool spans_one() const { return low <= 1 && high >= 1; }
};

// The median; of an even number of values the mean of the middle two. requires !values.empty()
[[nodiscard]] double median(std::vector<double> values);

// The samples of each round of a run, in order.
using Rounds = std::vector<std::vector<double>>;

// median(numerator) / median(denominator) of all samples, with both stages resampled and the range
// widened for how few rounds there are. One sample on a side says no more than the order of
// magnitude: the range is then half to twice the ratio.
//   requires neither is empty, no round is empty, all > 0
[[nodiscard]] Interval ratio_of_rounds(const Rounds& numerator,
                                       const Rounds& denominator,
                                       std::uint64_t seed);

// The same where sample n of round m of both sides were taken one after the other: the mean, over
// rounds, of the median logarithm of the ratio of such pairs. What moves both of a pair moves
// nothing.
//   requires as many rounds on each side, each with as many samples as the other's, at least one
[[nodiscard]] Interval ratio_of_paired_rounds(const Rounds& numerator,
                                              const Rounds& denominator,
                                              std::uint64_t seed);

// mean(numerator) / mean(denominator) of one figure a round, resampled, and widened for how few
// there are. requires neither is empty, the sum of the denominator > 0
[[nodiscard]] Interval ratio_of_means(const std::vector<double>& numerator,
                                      const std::vector<double>& denominator,
                                      std::uint64_t seed);

// |log| of the ratio of the medians of the even and of the odd rounds of one run: how far two runs
// of the same would differ, seen in the run itself. 0 with fewer than two rounds.
[[nodiscard]] double log_ratio_of_halves(const Rounds& rounds);

// median(numerator) / median(denominator), resampled with this seed. With fewer than two values on
// either side the range is that of the values themselves. requires neither is empty, all > 0
[[nodiscard]] Interval ratio_of_medians(const std::vector<double>& numerator,
                                        const std::vector<double>& denominator,
                                        std::uint64_t seed);

}  // namespace plumb::bench
