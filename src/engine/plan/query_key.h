// SPDX-License-Identifier: GPL-3.0-or-later
// A query's shape as MongoDB 4.2 writes it, so that its hash is the queryHash (and with the part on
// indexes the planCacheKey) that a real server gives the same query: entries of both can be
// compared.
//
//   {id: "x"}                                        "eqid"
//   {user_id: "x", status: {$in: […]}}               "an[equser_id,instatus]"
//   {user_id: "x"}, sort {delivery_date: -1}         "equser_id~ddelivery_date"
//   {status: {$in: […]}}, projection {_id: 0, id: 1} "instatus|e_idiid"
//   … and with two indexes that have user_id          "equser_id~ddelivery_date<11>"
//
// Source   tests/conformance/samples/profile.jsonl: the hashes there come out of it
// Threads  pure functions.
#pragma once

#include "engine/plan/planner.h"
#include "engine/storage/collection_state.h"

#include <string>

namespace plumb::plan {

// Filter, order and projection, without constants.
[[nodiscard]] std::string query_key(const QueryRequest& request);

// For each condition, in order, one digit per index that has its path: 1 if the index could serve
// it, 0 if not (a sparse index and null, a partial index whose filter is not implied). Empty if no
// index has any of the paths.
[[nodiscard]] std::string index_key(const QueryRequest& request,
                                    const storage::CollectionState& collection);

}  // namespace plumb::plan
