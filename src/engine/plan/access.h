// SPDX-License-Identifier: GPL-3.0-or-later
// The ways in which indexes can find what a filter matches: one index for a conjunction, one way
// for each branch of an $or.
//
// Source   tests/conformance/plan.jsonl (rejected and winning plans, in their order)
// Threads  pure functions.
#pragma once

#include "engine/plan/plan_node.h"
#include "engine/query/match_node.h"
#include "engine/storage/collection_state.h"

#include <vector>

namespace plumb::plan {

// One way. Copies share the filter's nodes.
struct Access {
    IndexPtr index;      // of a scan; null: the union of `branches`
    IndexBounds bounds;  // of that scan, forward
    std::vector<Access> branches;
    std::vector<const query::MatchNode*> on_key;       // tested on the key of the entry
    std::vector<const query::MatchNode*> on_document;  // tested on the document
};

// An index that may be used, with the filter it is partial by (null: it holds all documents).
struct UsableIndex {
    IndexPtr index;
    const query::MatchNode* partial = nullptr;
};

// All ways worth trying for `filter`, at most kPlansMax; none if no index helps.
[[nodiscard]] std::vector<Access> find_accesses(const query::MatchNode& filter,
                                                const std::vector<UsableIndex>& indexes);

// Of one branch of an $or whose whole filter is `around` (for partial indexes).
[[nodiscard]] std::vector<Access> find_branch_accesses(const query::MatchNode& branch,
                                                       const query::MatchNode& around,
                                                       const std::vector<UsableIndex>& indexes);

// The plan of an access: IXSCAN, FETCH over it where documents must be tested, OR over branches.
[[nodiscard]] PlanNodePtr build_access(Access access);

// A filter of these parts; nothing if there are none.
[[nodiscard]] std::optional<query::MatchNode> all_of(
    const std::vector<const query::MatchNode*>& parts);

// MongoDB 4.2's limits: plans for one query, and combinations of the ways of an $or's branches.
inline constexpr std::size_t kPlansMax = 64;
inline constexpr std::size_t kUnionPlansMax = 10;

}  // namespace plumb::plan
