// SPDX-License-Identifier: GPL-3.0-or-later
// What got worse from one recording to the next, for CI.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"

#include <string>
#include <vector>

namespace plumb::bench {

struct Regression {
    std::string id;    // of the query, or the collection of an index
    std::string what;  // "median 1.20 ms → 2.60 ms, 2.2× (2.0–2.4)"
};

// Rows whose median grew by more than `tolerance` (0.1 is ten per cent) with its whole interval,
// and by more than the two runs' noise; rows that examine that many more documents or no longer
// run; and indexes that are gone although a query used them.
[[nodiscard]] std::vector<Regression> find_regressions(const Recording& earlier,
                                                       const Recording& later,
                                                       double tolerance);

}  // namespace plumb::bench
