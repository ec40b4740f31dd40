// SPDX-License-Identifier: GPL-3.0-or-later
// Scans that count and distinct can use instead of reading every entry.
//
// Threads  pure functions.
#pragma once

#include "engine/plan/index_choice.h"
#include "engine/plan/planner.h"

#include <string>

namespace plumb::plan {

// Makes an index scan over one stretch, without filter, a COUNT_SCAN; leaves other plans alone.
void count_by_scan(PlanNodePtr& root);

// A DISTINCT_SCAN for the values of request.distinct_field among the filter's matches; null if no
// index gives them.
[[nodiscard]] PlanNodePtr plan_distinct(const QueryRequest& request, const IndexChoice& choice);

// All of an index, forward.
[[nodiscard]] IndexScan whole_scan(IndexPtr index);

}  // namespace plumb::plan
