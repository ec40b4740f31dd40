// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/bootstrap.h"

#include "base/assert.h"
#include "base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

// The 97.5 % quantile of Student's t for these degrees of freedom, over that of the normal
// distribution: what a few rounds hide of how much rounds differ.
double small_sample_factor(std::size_t degrees) {
    constexpr auto kT = std::to_array<double>({12.71,
                                               4.30,
                                               3.18,
                                               2.78,
                                               2.57,
                                               2.45,
                                               2.36,
                                               2.31,
                                               2.26,
                                               2.23,
                                               2.20,
                                               2.18,
                                               2.16,
                                               2.14,
                                               2.13,
                                               2.12});
    constexpr double kNormal = 1.96;
    return degrees == 0 || degrees > kT.size() ? 1 : kT[degrees - 1] / kNormal;
}

std::vector<double> flattened(const Rounds& rounds) {
    std::vector<double> out;
    for (const std::vector<double>& round : rounds) {
        out.insert(out.end(), round.begin(), round.end());
    }
    return out;
}

double resampled_rounds_median(const Rounds& rounds, Random& random, std::vector<double>& out) {
    out.clear();
    for (std::size_t index = 0; index < rounds.size(); ++index) {
        const std::vector<double>& round = rounds[random.below(rounds.size())];
        for (std::size_t sample = 0; sample < round.size(); ++sample) {
            out.push_back(round[random.below(round.size())]);
        }
    }
    return median_in_place(out);
}

// How much too narrow the resampled range is, with this many rounds on each side.
double widening(std::size_t above, std::size_t below) {
    const std::size_t fewer = std::min(above, below);
    if (fewer < 2) {
        return 1;
    }
    const auto count = static_cast<double>(fewer);
    return std::sqrt(count / (count - 1)) * small_sample_factor(above + below - 2);
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

Interval ratio_of_rounds(const Rounds& numerator, const Rounds& denominator, std::uint64_t seed) {
    const std::vector<double> all_above = flattened(numerator);
    const std::vector<double> all_below = flattened(denominator);
    PLUMB_ASSERT(!all_above.empty() && !all_below.empty());
    Interval out;
    out.point = median(all_above) / median(all_below);
    if (all_above.size() < 2 || all_below.size() < 2) {
        out.low = out.point / 2;
        out.high = out.point * 2;
        return out;
    }
    Random random{seed};
    std::vector<double> scratch;
    std::vector<double> ratios;
    ratios.reserve(kRounds);
    for (std::size_t round = 0; round < kRounds; ++round) {
        const double above = resampled_rounds_median(numerator, random, scratch);
        ratios.push_back(above / resampled_rounds_median(denominator, random, scratch));
    }
    std::sort(ratios.begin(), ratios.end());
    const double wider = widening(numerator.size(), denominator.size());
    const double low = std::min(1.0, ratios[kRounds * 25 / 1000] / out.point);
    const double high = std::max(1.0, ratios[kRounds * 975 / 1000] / out.point);
    out.low = out.point * std::pow(low, wider);
    out.high = out.point * std::pow(high, wider);
    return out;
}

Interval ratio_of_paired_rounds(const Rounds& numerator,
                                const Rounds& denominator,
                                std::uint64_t seed) {
    PLUMB_ASSERT(!numerator.empty() && numerator.size() == denominator.size());
    const std::size_t count = numerator.size();
    Rounds pairs(count);
    double sum = 0;
    for (std::size_t round = 0; round < count; ++round) {
        PLUMB_ASSERT(numerator[round].size() == denominator[round].size());
        for (std::size_t index = 0; index < numerator[round].size(); ++index) {
            pairs[round].push_back(std::log(numerator[round][index] / denominator[round][index]));
        }
        sum += median(pairs[round]);
    }
    const double mean = sum / static_cast<double>(count);
    Random random{seed};
    std::vector<double> scratch;
    std::vector<double> means;
    means.reserve(kRounds);
    for (std::size_t drawn = 0; drawn < kRounds; ++drawn) {
        double total = 0;
        for (std::size_t round = 0; round < count; ++round) {
            total += resampled_median(pairs[random.below(count)], random, scratch);
        }
        means.push_back(total / static_cast<double>(count));
    }
    std::sort(means.begin(), means.end());
    const auto rounds = static_cast<double>(count);
    const double wider =
        count < 2 ? 1 : std::sqrt(rounds / (rounds - 1)) * small_sample_factor(count - 1);
    const double low = std::min(0.0, means[kRounds * 25 / 1000] - mean);
    const double high = std::max(0.0, means[kRounds * 975 / 1000] - mean);
    return {std::exp(mean), std::exp(mean + wider * low), std::exp(mean + wider * high)};
}

Interval ratio_of_means(const std::vector<double>& numerator,
                        const std::vector<double>& denominator,
                        std::uint64_t seed) {
    PLUMB_ASSERT(!numerator.empty() && !denominator.empty());
    Random random{seed};
    const auto mean = [](const std::vector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0) /
               static_cast<double>(values.size());
    };
    const auto drawn = [&random](const std::vector<double>& values) {
        double sum = 0;
        for (std::size_t index = 0; index < values.size(); ++index) {
            sum += values[random.below(values.size())];
        }
        return sum / static_cast<double>(values.size());
    };
    Interval out;
    out.point = mean(numerator) / mean(denominator);
    std::vector<double> ratios;
    for (std::size_t round = 0; round < kRounds; ++round) {
        const double above = drawn(numerator);
        const double below = drawn(denominator);
        if (above > 0 && below > 0) {
            ratios.push_back(above / below);
        }
    }
    if (ratios.empty() || out.point <= 0) {
        out.low = out.high = out.point;
        return out;
    }
    std::sort(ratios.begin(), ratios.end());
    const double wider = widening(numerator.size(), denominator.size());
    const double low = std::min(1.0, ratios[ratios.size() * 25 / 1000] / out.point);
    const double high = std::max(1.0, ratios[ratios.size() * 975 / 1000] / out.point);
    out.low = out.point * std::pow(low, wider);
    out.high = out.point * std::pow(high, wider);
    return out;
}

double log_ratio_of_halves(const Rounds& rounds) {
    Rounds halves(2);
    for (std::size_t index = 0; index < rounds.size(); ++index) {
        std::vector<double>& half = halves[index % 2];
        half.insert(half.end(), rounds[index].begin(), rounds[index].end());
    }
    if (halves[0].empty() || halves[1].empty()) {
        return 0;
    }
    return std::abs(std::log(median(halves[0]) / median(halves[1])));
}

}  // namespace plumb::bench
