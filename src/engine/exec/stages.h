// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of running stages, one file for each. A stage's children are added after it is made.
//
// Threads  as exec/running_stage.h
#pragma once

#include "engine/exec/running_stage.h"

namespace plumb::exec {

// Records in order of their ids. The first unit of work opens the cursor.
[[nodiscard]] RunningStagePtr make_collection_scan(const plan::PlanNode& node,
                                                   const plan::CollectionScan& kind,
                                                   RunContext& context);
// Entries of an index within bounds, seeking from one interval to the next.
[[nodiscard]] RunningStagePtr make_index_scan(const plan::PlanNode& node,
                                              const plan::IndexScan& kind,
                                              RunContext& context);
// The document of one _id.
[[nodiscard]] RunningStagePtr make_id_lookup(const plan::PlanNode& node,
                                             const plan::IdLookup& kind,
                                             RunContext& context);
// Entries between two keys, without looking at what they are.
[[nodiscard]] RunningStagePtr make_count_scan(const plan::PlanNode& node,
                                              const plan::CountScan& kind,
                                              RunContext& context);
// One entry for each value of a field of the key.
[[nodiscard]] RunningStagePtr make_distinct_scan(const plan::PlanNode& node,
                                                 const plan::DistinctScan& kind,
                                                 RunContext& context);
// The document of each row, tested by the node's filter.
[[nodiscard]] RunningStagePtr make_fetch(const plan::PlanNode& node, RunContext& context);
// Takes all rows, then gives them in order; the least `limit` of them if there is one.
//   errors  OperationFailed (96) past kSortMemoryBytes
[[nodiscard]] RunningStagePtr make_sort(const plan::PlanNode& node,
                                        const plan::Sort& kind,
                                        RunContext& context);
// Merges children that are each in order; each record once.
[[nodiscard]] RunningStagePtr make_sort_merge(const plan::PlanNode& node,
                                              const plan::SortMerge& kind,
                                              RunContext& context);
// Rows of one child after the other; each record once.
[[nodiscard]] RunningStagePtr make_union(const plan::PlanNode& node, RunContext& context);
[[nodiscard]] RunningStagePtr make_limit(const plan::PlanNode& node,
                                         const plan::Limit& kind,
                                         RunContext& context);
[[nodiscard]] RunningStagePtr make_skip(const plan::PlanNode& node,
                                        const plan::Skip& kind,
                                        RunContext& context);
// The projected document, from the row's document or from its key.
[[nodiscard]] RunningStagePtr make_project(const plan::PlanNode& node,
                                           const plan::Project& kind,
                                           RunContext& context);
[[nodiscard]] RunningStagePtr make_end_of_file(const plan::PlanNode& node, RunContext& context);
// What its child gives.
[[nodiscard]] RunningStagePtr make_subplan(const plan::PlanNode& node, RunContext& context);

// Index name, key pattern and flags of a stage that reads an index, as explain has them.
void append_index(bson::Builder& out, const storage::IndexState& index);

}  // namespace plumb::exec
