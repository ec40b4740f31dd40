// SPDX-License-Identifier: GPL-3.0-or-later
// queryHash and planCacheKey: eight hexadecimal digits each, those that MongoDB 4.2 gives.
//
// Source   MurmurHash3 by Austin Appleby (public domain), the 128-bit form for 64-bit machines
// Threads  pure functions.
#pragma once

#include "engine/plan/planner.h"
#include "engine/storage/collection_state.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::exec {

// The first half of MurmurHash3_x64_128 with seed 0.
[[nodiscard]] std::uint64_t murmur3(std::string_view bytes);

// Of a query's shape (its filter, order and projection), and of the shape with the indexes it could
// use; the same if it could use none.
[[nodiscard]] std::string query_hash(const plan::QueryRequest& request);
[[nodiscard]] std::string plan_cache_hash(const plan::QueryRequest& request,
                                          const storage::CollectionState& collection);

}  // namespace plumb::exec
