// SPDX-License-Identifier: GPL-3.0-or-later
// The workload before and after, as lines of a rehearsal.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"
#include "tool/rehearse/record.h"

namespace plumb::rehearse {

// One line a query that both recordings have, with what was measured on the copy.
void add_queries(const bench::Recording& before, const bench::Recording& after, Rehearsal& out);

// Index entries that an inserted document costs, of each collection that `up` built indexes on.
void add_write_costs(const bench::Recording& before, const bench::Recording& after, Rehearsal& out);

}  // namespace plumb::rehearse
