// SPDX-License-Identifier: GPL-3.0-or-later
// Paired bars on a logarithmic scale: median before, median after, and where the promise would have
// put it. Labels are HTML, bars are SVG that stretches, so it reads on any width and in print.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/compare.h"

#include <string>
#include <vector>

namespace plumb::report {

// The whole plot; rows that were not measured are left out.
[[nodiscard]] std::string before_after_plot(const std::vector<bench::RowComparison>& rows);

}  // namespace plumb::report
