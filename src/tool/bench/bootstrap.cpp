// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/bootstrap.h"

#include "base/assert.h"
#include "base/random.h"

#include <algorithm>

namespace plumb::bench {
namespace {

constexpr std::size_t kRounds = 1000;

// Sorts `values` a little: only the middle is where it belongs afterwards.
double median_in_place(std::vector<double>& values) {
    const std::size_t half = values.size() / 2;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

double resampled_median(const std::vector<double>& values,
                        Random& random,
                        std::vector<double>& out) {
    out.clear();
    for (std::size_t index = 0; index < values.size(); ++index) {
        out.push_back(values[random.below(values.size())]);
    }
    return median_in_place(out);
}

}  // namespace

double median(std::vector<double> values) {
    PLUMB_ASSERT(!values.empty());
    return median_in_place(values);
}

Interval ratio_of_medians(const std::vector<double>& numerator,
                          const std::vector<double>& denominator,
                          std::uint64_t seed) {
    Interval out;
    out.point = median(numerator) / median(denominator);
    Random random{seed};
    std::vector<double> scratch;
    std::vector<double> ratios;
    ratios.reserve(kRounds);
    for (std::size_t round = 0; round < kRounds; ++round) {
        const double above = resampled_median(numerator, random, scratch);
        ratios.push_back(above / resampled_median(denominator, random, scratch));
    }
    std::sort(ratios.begin(), ratios.end());
    out.low = std::min(out.point, ratios[kRounds * 25 / 1000]);
    out.high = std::max(out.point, ratios[kRounds * 975 / 1000]);
    return out;
}

}  // namespace plumb::bench
