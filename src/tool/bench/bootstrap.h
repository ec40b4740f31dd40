// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a ratio of two medians is, without assuming anything of how the values are distributed.
//
// Source   percentile bootstrap (Efron, Tibshirani: An Introduction to the Bootstrap, 1993)
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

// median(numerator) / median(denominator), resampled with this seed. With fewer than two values on
// either side the range is that of the values themselves. requires neither is empty, all > 0
[[nodiscard]] Interval ratio_of_medians(const std::vector<double>& numerator,
                                        const std::vector<double>& denominator,
                                        std::uint64_t seed);

}  // namespace plumb::bench
