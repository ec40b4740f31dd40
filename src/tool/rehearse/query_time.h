// SPDX-License-Identifier: GPL-3.0-or-later
// How long one query takes on all documents. For queries.cpp.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"
#include "tool/calibrate/costs.h"
#include "tool/rehearse/estimate.h"
#include "tool/rehearse/examined.h"
#include "tool/rehearse/growth.h"

#include <vector>

namespace plumb::rehearse {

// A query on one side: its calls on the copy, and how each command grows.
struct Side {
    const bench::Row& row;
    const Examined& examined;
    const std::vector<Growth>& growths;  // one a command
};

// Sums over the commands; errors add up as independent ones do.
[[nodiscard]] Estimate sum_of(const std::vector<Growth>& growths, Estimate Growth::*what);

// In milliseconds, by the engine's costs if `target` is null.
[[nodiscard]] Estimate time_of_side(const Side& side,
                                    const calibrate::Costs& engine,
                                    const calibrate::Costs* target);

// numerator / denominator, the errors taken as independent.
[[nodiscard]] Estimate ratio_of(const Estimate& numerator, const Estimate& denominator);

}  // namespace plumb::rehearse
