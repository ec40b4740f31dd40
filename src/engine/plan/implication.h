// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a query can only match documents that another filter matches: a partial index may serve
// a query if the query implies the index's filter.
//
// Threads  pure functions.
#pragma once

#include "engine/query/match_node.h"

namespace plumb::plan {

// True if it is certain; false may also mean "not seen".
[[nodiscard]] bool implies(const query::MatchNode& query, const query::MatchNode& filter);

}  // namespace plumb::plan
