// SPDX-License-Identifier: GPL-3.0-or-later
// What one running operation (a command, or one batch of a cursor) works with.
//
// Threads  one thread, but interrupt.kill().
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "engine/query/expression.h"
#include "engine/storage/engine.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plumb::exec {

class PlanCache;  // exec/plan_cache.h

// What an operation has done so far, for explain, the profiler and the slow-operation log.
struct OperationStatistics {
    std::int64_t keys_examined = 0;
    std::int64_t docs_examined = 0;
    std::int64_t documents_returned = 0;
    std::int64_t keys_inserted = 0;
    std::int64_t keys_deleted = 0;
    std::int64_t documents_inserted = 0;
    std::int64_t documents_updated = 0;
    std::int64_t documents_deleted = 0;
    std::int64_t write_conflicts = 0;
    bool has_sort_stage = false;
    std::string plan_summary;            // "IXSCAN { user_id: 1 }"
    std::int64_t documents_matched = 0;  // by the filters of updates
    bool upserted = false;
    bool from_multi_planner = false;  // several plans were tried
    bool replanned = false;
    bool used_disk = false;
    std::string query_hash;          // eight hexadecimal digits; empty: no shape was planned
    std::string plan_cache_key;      // as query_hash
    std::int64_t cursor_id = 0;      // of the cursor that stays open; 0: none
    bool cursor_exhausted = false;   // the last batch is in this reply
    bson::Document execution_stats;  // the plan's tree with its counts, if that was wanted
};

struct Operation {
    storage::Engine& engine;
    PlanCache& plan_cache;
    const Clock& clock;
    Interrupt& interrupt;
    query::ExpressionContext expressions;
    storage::Durability durability = storage::Durability::Lazy;
    OperationStatistics statistics;
    // The rows of $currentOp; not owned. Null: the stage is refused.
    const std::function<std::vector<bson::Document>(bson::View options)>* current_operations =
        nullptr;
    // The multi-document transaction that this operation is part of: everything is read and written
    // in it, and nothing is committed. Not owned. Null: each statement has transactions of its own.
    storage::Transaction* transaction = nullptr;
    // Fill statistics.execution_stats, for the profiler.
    bool wants_execution_stats = false;
};

}  // namespace plumb::exec
