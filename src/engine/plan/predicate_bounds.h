// SPDX-License-Identifier: GPL-3.0-or-later
// From one condition on one field to the stretches of an index that can hold its matches.
//
// Source   spec 02 "Plans"; tests/conformance/plan.jsonl
// Threads  pure functions.
#pragma once

#include "engine/plan/interval_set.h"
#include "engine/query/match_node.h"
#include "engine/storage/index_spec.h"

#include <cstdint>

namespace plumb::plan {

// How well intervals describe a condition.
enum class Tightness : std::uint8_t {
    Exact,    // exactly the matches: the condition need not be tested again
    Covered,  // more than the matches, but the key alone tells
    Fetch,    // more than the matches, and only the document tells
};

struct PredicateBounds {
    IntervalSet intervals;  // ascending
    Tightness tightness = Tightness::Exact;
};

// Whether the index can serve this condition at field number `field` of its key. `node` is a
// condition of a path, or Not of one.
[[nodiscard]] bool can_bound(const query::MatchNode& node,
                             const storage::IndexState& index,
                             std::size_t field);

// requires can_bound(node, index, field)
[[nodiscard]] PredicateBounds predicate_bounds(const query::MatchNode& node,
                                               const storage::IndexState& index,
                                               std::size_t field);

}  // namespace plumb::plan
