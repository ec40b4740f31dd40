// SPDX-License-Identifier: GPL-3.0-or-later
// How many different values a whole collection has, from how often each value is in a sample.
//
// How often values are there is taken to follow a gamma distribution (also the improper ones that
// come near a power law); its shape comes from how many values are in the sample once, twice and
// three times. That tends to say too much where few values are there twice, and Chao's lower bound
// says too little: the answer is a geometric mean of the two, which are also its bars. Growth as
// it was from half of the sample to all of it bounds it from above.
//
//   distinct_in_all({.sampled = 20'000, .distinct = 8'113, .once = 5'020, …}, 1'000'000)
//
// Source   Efron, Thisted: Estimating the Number of Unseen Species, 1976; Chao, Lin: Nonparametric
//          Lower Bounds for Species Richness under Sampling without Replacement, 2012
// Threads  pure functions.
#pragma once

#include "tool/rehearse/estimate.h"

#include <cstdint>
#include <span>

namespace plumb::rehearse {

struct Frequencies {
    double sampled = 0;  // values, equal ones too
    double distinct = 0;
    double once = 0;  // values that are there once
    double twice = 0;
    double thrice = 0;
    double distinct_in_half = 0;  // of the same sample
};

// requires counts > 0, one for each distinct value; half: one for each distinct value of a half
[[nodiscard]] Frequencies frequencies_of(std::span<const std::int32_t> counts,
                                         std::int64_t distinct_in_half);

// `all`: how many values there are in the whole, equal ones too.
[[nodiscard]] Estimate distinct_in_all(const Frequencies& in_sample, double all);

}  // namespace plumb::rehearse
