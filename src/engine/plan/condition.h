// SPDX-License-Identifier: GPL-3.0-or-later
// A filter as the planner reads it: the conditions that hold together, each with its whole path,
// and in the order in which MongoDB looks at them.
//
// Threads  value types; they point into the filter.
#pragma once

#include "engine/query/match_node.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::plan {

// One condition on one path: a leaf of the filter, or Not of one.
struct Condition {
    const query::MatchNode* node = nullptr;
    std::string path;       // with those of the $elemMatch around it
    std::size_t owner = 0;  // the position among the conjunction's parts it belongs to
    bool direct = true;     // it is that part itself; false inside of $elemMatch
    bool outside = false;   // of no part, but of what stands around the $or that this is in
    // The $elemMatch around it: after how many components of the path, and a number for each.
    struct Scope {
        std::size_t components;
        std::uint32_t id;
    };
    std::vector<Scope> scopes;
};

// Parts that must all hold.
struct Conjunction {
    std::vector<const query::MatchNode*> parts;  // in planning order
    std::vector<Condition> conditions;           // of the parts that are conditions on paths
    std::vector<std::size_t> unions;             // which parts are $or
};

// A node that is no And is a conjunction of one part.
[[nodiscard]] Conjunction conjunction_of(const query::MatchNode& node);

// The children of a node in planning order: by kind, then path. `$or` branches are planned so too.
[[nodiscard]] std::vector<const query::MatchNode*> ordered_children(const query::MatchNode& node);

}  // namespace plumb::plan
