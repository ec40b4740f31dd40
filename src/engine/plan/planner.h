// SPDX-License-Identifier: GPL-3.0-or-later
// From a query and a collection's indexes to the plans that could answer it. Which one is best is
// found by trial (exec/trial.h), as MongoDB does.
//
// Source   spec 02 "Plans"; tests/conformance/plan.jsonl
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "bson/document.h"
#include "engine/plan/plan_node.h"
#include "engine/query/match_node.h"
#include "engine/query/projection.h"
#include "engine/storage/collection_state.h"

namespace plumb::plan {

// A query, parsed, as the planner needs it. Views are kept alive by the caller.
struct QueryRequest {
    const query::MatchNode* filter = nullptr;
    bson::View sort;                       // empty: none. {$natural: 1} means record order
    bson::View projection;                 // empty: none
    const query::Projection* parsed_projection = nullptr;
    std::optional<std::int64_t> skip;
    std::optional<std::int64_t> limit;     // of documents wanted in all; for top-k sorts
    bson::ValueView hint;                  // name or key pattern; Missing: none
    std::optional<bson::Document> min;     // min/max of the index hinted
    std::optional<bson::Document> max;
    bool return_key = false;
    bool show_record_id = false;
    enum class Purpose : std::uint8_t { Find, Count, Distinct, Write } purpose = Purpose::Find;
    std::string distinct_field;            // for Purpose::Distinct
};

// At least one plan; several mean: try. errors: BadValue (2) for a hint that names no index …
[[nodiscard]] Result<std::vector<PlanNodePtr>> plan_query(const QueryRequest& request,
                                                          const storage::CollectionState& collection);

// The same queries up to constants: the key of the plan cache, and explain's queryHash.
[[nodiscard]] std::string shape_key(const QueryRequest& request);

}  // namespace plumb::plan
