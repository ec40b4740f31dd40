// SPDX-License-Identifier: GPL-3.0-or-later
// The least and the greatest value of a type, as comparisons such as {$lt: 5} are kept within it.
//
// Threads  pure functions.
#pragma once

#include "engine/plan/bounds.h"

namespace plumb::plan {

// All values that compare with a value of `type`; for numbers without NaN.
[[nodiscard]] Interval type_range(bson::Type type);

// -inf up to inf with NaN, which sorts lowest: what $mod and $type of a number look through.
[[nodiscard]] Interval all_numbers();

}  // namespace plumb::plan
