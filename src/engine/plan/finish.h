// SPDX-License-Identifier: GPL-3.0-or-later
// From a plan that finds documents to one that gives what was asked for: order, skip, projection,
// limit, each in the place where MongoDB 4.2 has it.
//
// Source   tests/conformance/plan.jsonl
// Threads  pure functions.
#pragma once

#include "engine/plan/plan_node.h"
#include "engine/plan/planner.h"

namespace plumb::plan {

// Null if the plan would have to sort and the request forbids that.
[[nodiscard]] PlanNodePtr finish(PlanNodePtr root, const QueryRequest& request);

// Whether the plan's results are whole documents.
[[nodiscard]] bool is_fetched(const PlanNode& root);

// Whether the plan's results have this field, as documents or in their keys.
[[nodiscard]] bool has_field(const PlanNode& root, std::string_view path);

// {$natural: 1} and {$natural: -1}, as sort or hint.
[[nodiscard]] bool is_natural(bson::View pattern);
[[nodiscard]] storage::Direction natural_direction(bson::View pattern);

}  // namespace plumb::plan
