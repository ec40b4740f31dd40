// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/distinct.h"

#include <algorithm>
#include <cmath>

namespace plumb::rehearse {
namespace {

constexpr double kEnough = 10;  // values of a frequency, to say something of the shape
constexpr double kTailDeviations = 1.645;
// Of the fitted spread in the mean of it and the lower bound.
constexpr double kWeightOfFit = 2.0 / 3;

double chao(const Frequencies& in, double all, double twice) {
    const double share = in.sampled / all;
    const double pairs = 2 * twice * in.sampled / std::max(1.0, in.sampled - 1);
    const double denominator = pairs + share / (1 - share) * in.once;
    return denominator <= 0 ? in.distinct
                            : std::min(all, in.distinct + in.once * in.once / denominator);
}

// As it grew from half of the sample to all of it.
double as_before(const Frequencies& in, double all) {
    if (in.distinct_in_half <= 0) {
        return all;
    }
    const double exponent = std::clamp(std::log2(in.distinct / in.distinct_in_half), 0.0, 1.0);
    return in.distinct * std::pow(all / in.sampled, exponent);
}

// Values that come up for the first time when the sample grows `times` times, if their rates follow
// a gamma distribution.
double unseen(const Frequencies& in, double times) {
    const double first = 2 * in.twice / in.once;
    const double second = 3 * in.thrice / in.twice;
    const double q = std::clamp(second - first, 0.01, 0.99);
    const double shape = std::clamp(first / q - 1, -0.95, 50.0);
    const double scale = q / (1 - q);
    const double later = scale / (1 + times * scale);
    if (std::abs(shape) < 1e-3) {
        return in.once / q * std::log((1 + times * scale) / (1 + scale));
    }
    return in.once * (std::pow(q, shape) - std::pow(later, shape)) /
           (shape * std::pow(q, shape + 1));
}

}  // namespace

Frequencies frequencies_of(std::span<const std::int32_t> counts, std::int64_t distinct_in_half) {
    Frequencies out;
    for (const std::int32_t count : counts) {
        out.sampled += count;
        out.distinct += 1;
        out.once += count == 1 ? 1 : 0;
        out.twice += count == 2 ? 1 : 0;
        out.thrice += count == 3 ? 1 : 0;
    }
    out.distinct_in_half = static_cast<double>(distinct_in_half);
    return out;
}

Estimate distinct_in_all(const Frequencies& in_sample, double all) {
    if (in_sample.sampled >= all || in_sample.once <= 0) {
        return Estimate::exactly(in_sample.distinct);
    }
    const double most = std::min(all, in_sample.distinct + all - in_sample.sampled);
    const double low = std::min(chao(in_sample, all, in_sample.twice), most);
    const double high = std::clamp(as_before(in_sample, all), low, most);
    double beyond = low;
    if (in_sample.thrice >= kEnough && in_sample.twice >= kEnough) {
        beyond =
            std::clamp(in_sample.distinct + unseen(in_sample, all / in_sample.sampled), low, high);
    }
    Estimate out;
    out.value = std::pow(low, 1 - kWeightOfFit) * std::pow(beyond, kWeightOfFit);
    // The bounds are estimates themselves; few pairs say little.
    const double noise = kTailDeviations / std::sqrt(std::max(1.0, in_sample.twice));
    const double more_pairs =
        in_sample.twice + 1 + kTailDeviations * std::sqrt(in_sample.twice + 1);
    out.low = std::clamp(chao(in_sample, all, more_pairs), in_sample.distinct, out.value);
    out.high =
        std::clamp(std::max(beyond, out.value * (1 + std::min(1.0, noise))), out.value, most);
    return out;
}

}  // namespace plumb::rehearse
