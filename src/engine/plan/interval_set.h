// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of values as lists of intervals, ascending and apart: union, intersection, complement.
//
// Threads  pure functions.
#pragma once

#include "engine/plan/bounds.h"

#include <vector>

namespace plumb::plan {

using IntervalSet = std::vector<Interval>;  // ascending, apart, none empty

// All values that are in any of `intervals`, which may overlap and stand in any order.
[[nodiscard]] IntervalSet unite(std::vector<Interval> intervals);
[[nodiscard]] IntervalSet intersect(const IntervalSet& a, const IntervalSet& b);
// Everything from MinKey to MaxKey that is not in `set`.
[[nodiscard]] IntervalSet complement(const IntervalSet& set);

}  // namespace plumb::plan
