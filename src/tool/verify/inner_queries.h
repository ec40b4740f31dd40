// SPDX-License-Identifier: GPL-3.0-or-later
// The queries that a command makes of its own: the inner side of each $lookup and $graphLookup of a
// pipeline, which explain does not show on every server.
//
//   inner_queries({aggregate: "orders", pipeline: [{$lookup: {from: "users", foreignField:
//   "id"…}}]})
//       == {{find: "users", filter: {id: "x"}}}
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <vector>

namespace plumb::verify {

[[nodiscard]] std::vector<bson::Document> inner_queries(bson::View command);

}  // namespace plumb::verify
