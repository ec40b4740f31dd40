// SPDX-License-Identifier: GPL-3.0-or-later
// What a query tells of itself when it stops, at the end of a batch or for good: into the
// operation's statistics, for the slow-operation log, the profiler and currentOp.
//
// Threads  as the operation.
#pragma once

#include "bson/document.h"
#include "engine/exec/operation.h"
#include "engine/exec/query_run.h"

#include <cstdint>
#include <string_view>

namespace plumb::exec {

// Adds what `run` has examined since the last call. Where somebody will want it (the profiler is
// on, or the operation took long) also its shape's hashes and, for the profiler, its tree.
void report_run(Operation& operation, QueryRun& run);

// Puts a stage that is no part of the plan on top of the tree reported last: UPDATE, DELETE, COUNT.
// Does nothing if there is none.
//   advanced  documents that the stage gave; counts  its own fields
void put_stage_on_top(Operation& operation,
                      std::string_view stage,
                      std::int64_t advanced,
                      bson::View counts);

}  // namespace plumb::exec
