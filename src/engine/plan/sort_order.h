// SPDX-License-Identifier: GPL-3.0-or-later
// The order in which a plan gives its results: whether it is the one asked for, and how to get it
// without sorting: by walking indexes backwards, or by merging the stretches of an $in.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "engine/plan/plan_node.h"

namespace plumb::plan {

// Whether the results come in the order of `pattern`.
[[nodiscard]] bool gives_order(const PlanNode& root, bson::View pattern);

// Turns all index scans round.
void reverse_scans(PlanNode& root);

// Makes the plan give `pattern`'s order: as it is, backwards, or by splitting its scans into
// stretches that are merged. False, and the plan is as it was, if that cannot be done.
[[nodiscard]] bool order_by_index(PlanNodePtr& root, bson::View pattern);

// Stretches that one sort may be merged from (MongoDB's internalQueryMaxScansToExplode).
inline constexpr std::size_t kMergedScansMax = 200;

}  // namespace plumb::plan
