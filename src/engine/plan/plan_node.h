// SPDX-License-Identifier: GPL-3.0-or-later
// A query plan: a tree of nodes that exec turns into running stages. Names are MongoDB's.
//
// Threads  constant once made.
#pragma once

#include "bson/document.h"
#include "engine/plan/bounds.h"
#include "engine/query/match_node.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/cursors.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plumb::plan {

struct PlanNode;
using PlanNodePtr = std::unique_ptr<PlanNode>;
using IndexPtr = std::shared_ptr<const storage::IndexState>;  // shared with the catalog's state

struct CollectionScan {  // COLLSCAN
    storage::Direction direction = storage::Direction::Forward;
};
struct IndexScan {  // IXSCAN
    IndexPtr index;
    storage::Direction direction = storage::Direction::Forward;
    IndexBounds bounds{};
};
struct IdLookup {  // IDHACK
    IndexPtr index;
    bson::Value id;
};
struct CountScan {  // COUNT_SCAN: counts entries between two keys
    IndexPtr index;
    KeyRange range;
};
struct DistinctScan {  // DISTINCT_SCAN: one entry per value of field `field_number`
    IndexPtr index;
    storage::Direction direction = storage::Direction::Forward;
    IndexBounds bounds{};
    std::size_t field_number = 0;
};
struct Fetch {};  // FETCH: the document of an entry, then the node's filter
struct Sort {     // SORT
    bson::Document pattern;
    std::optional<std::int64_t> limit{};
};
struct SortMerge {  // SORT_MERGE: children are sorted by the pattern
    bson::Document pattern;
};
struct Or {};  // OR: children's records, each once
struct Limit {
    std::int64_t count = 0;
};  // LIMIT
struct Skip {
    std::int64_t count = 0;
};                // SKIP
struct Project {  // PROJECTION_SIMPLE, PROJECTION_COVERED, PROJECTION_DEFAULT
    bson::Document spec;
    enum class Form : std::uint8_t { Simple, Covered, Default } form = Form::Default;
};
struct EndOfFile {};  // EOF: the collection does not exist
struct Subplan {};    // SUBPLAN: the branches of its $or were planned one by one

struct PlanNode {
    std::variant<CollectionScan,
                 IndexScan,
                 IdLookup,
                 CountScan,
                 DistinctScan,
                 Fetch,
                 Sort,
                 SortMerge,
                 Or,
                 Limit,
                 Skip,
                 Project,
                 EndOfFile,
                 Subplan>
        node;
    std::optional<query::MatchNode> filter;  // tested on what the node gives
    std::vector<PlanNodePtr> children;
};

// "IXSCAN" and so on.
[[nodiscard]] std::string_view stage_name(const PlanNode& node);

// "IXSCAN { user_id: 1 }", "COLLSCAN": the leaves of a plan, as logs and the profiler show it.
[[nodiscard]] std::string plan_summary(const PlanNode& root);

// The first node of a kind in the tree; null if there is none.
template <class Kind>
[[nodiscard]] const PlanNode* find_node(const PlanNode& root) {
    if (std::holds_alternative<Kind>(root.node)) {
        return &root;
    }
    for (const PlanNodePtr& child : root.children) {
        if (const PlanNode* found = find_node<Kind>(*child)) {
            return found;
        }
    }
    return nullptr;
}

// A node over one child.
template <class Kind>
[[nodiscard]] PlanNodePtr wrap(Kind kind, PlanNodePtr child) {
    auto out = std::make_unique<PlanNode>();
    out->node = std::move(kind);
    out->children.push_back(std::move(child));
    return out;
}

// A node without children.
template <class Kind>
[[nodiscard]] PlanNodePtr leaf(Kind kind) {
    auto out = std::make_unique<PlanNode>();
    out->node = std::move(kind);
    return out;
}

}  // namespace plumb::plan
