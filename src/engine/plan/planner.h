// SPDX-License-Identifier: GPL-3.0-or-later
// From a query and a collection's indexes to the plans that could answer it. Which one is best is
// found by trial (exec/trial.h), as MongoDB does.
//
//   PLUMB_TRY(plans, plan_query(request, collection.state(), choose));
//   if (plans.size() > 1) { … try them … }
//
// Source   spec 02 "Plans"; tests/conformance/plan.jsonl
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/plan/plan_node.h"
#include "engine/query/match_node.h"
#include "engine/query/projection.h"
#include "engine/storage/collection_state.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace plumb::plan {

// A query, parsed, as the planner needs it. Views are kept alive by the caller.
struct QueryRequest {
    const query::MatchNode* filter = nullptr;
    bson::View filter_as_given;  // for $planCacheStats; empty: nobody kept it
    bson::View sort;             // empty: none. {$natural: 1} means record order
    bson::View projection;       // empty: none
    const query::Projection* parsed_projection = nullptr;
    std::optional<std::int64_t> skip;
    std::optional<std::int64_t> limit;  // of documents wanted in all; for top-k sorts
    bson::ValueView hint;               // name or key pattern; Missing: none
    std::optional<bson::Document> min;  // min/max of the index hinted
    std::optional<bson::Document> max;
    bool return_key = false;
    bool show_record_id = false;
    enum class Purpose : std::uint8_t { Find, Count, Distinct, Write } purpose = Purpose::Find;
    std::string distinct_field;  // for Purpose::Distinct
    // For Purpose::Distinct: values inside arrays count each for themselves, as the command has it;
    // $group has the array as a value.
    bool distinct_unwinds = true;
    bool distinct_only = false;  // no plan rather than one that reads every entry
    // What an aggregation asks for: no plan that must sort by itself (then there may be none), and
    // the projection only where the index alone can give it.
    bool forbid_sort_stage = false;
    bool covered_projection_only = false;
    bool no_fields = false;  // only how many matches there are counts
};

// Says which of several plans of one $or branch is best, by its position.
using ChoosePlan = std::function<Result<std::size_t>(std::vector<PlanNodePtr>& plans)>;

// At least one plan (none only with forbid_sort_stage or distinct_only); several mean: try. A
// filter that is an $or at its root is planned branch by branch with `choose`, and the plan has a
// SUBPLAN at its root.
//   errors  BadValue (2) for a hint that names no index, and for min or max that fit none
[[nodiscard]] Result<std::vector<PlanNodePtr>> plan_query(
    const QueryRequest& request,
    const storage::CollectionState& collection,
    const ChoosePlan& choose);

// The same queries up to constants: the key of the plan cache, and explain's queryHash.
[[nodiscard]] std::string shape_key(const QueryRequest& request);

}  // namespace plumb::plan
