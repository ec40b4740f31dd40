// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that a filter reads.
#pragma once

#include "engine/query/expression.h"
#include "engine/query/match_node.h"

namespace plumb::query {

// Adds the paths that the tree tests; `whole` for $jsonSchema.
void add_match_dependencies(const MatchNode& node, Dependencies& out);

}  // namespace plumb::query
