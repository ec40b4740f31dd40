// SPDX-License-Identifier: GPL-3.0-or-later
// Moves $match stages to the front where that changes no result: over $sort, and over stages that
// set other fields than those it reads.
//
//   [{$unwind: "$items"}, {$match: {status: "open"}}]  →  [{$match: …}, {$unwind: …}]
#pragma once

#include "bson/document.h"
#include "engine/query/expression.h"

#include <vector>

namespace plumb::query {

// requires stages that parse_pipeline has taken
void hoist_matches(std::vector<bson::Document>& stages, const ExpressionContext& context);

}  // namespace plumb::query
