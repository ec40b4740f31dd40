// SPDX-License-Identifier: GPL-3.0-or-later
// The workload before and after, as lines of a rehearsal: measured on the copy, scaled to all
// documents, in the costs of the target where those are known.
//
// A time on the target is what the probe's costs make of the work a call does there, and what this
// engine spent beyond its own costs of that work: sorting, grouping, writing.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"
#include "tool/calibrate/costs.h"
#include "tool/rehearse/examined.h"
#include "tool/rehearse/record.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace plumb::rehearse {

// One side, before or after.
struct Measured {
    bench::Recording recording;
    std::vector<Examined> examined;  // one a query, in any order
};

struct Known {
    calibrate::Costs engine;                 // of the scratch engine
    std::optional<calibrate::Costs> target;  // of the source
    std::uint64_t seed = 1;
};

// One line a query that both sides have.
void add_queries(const Measured& before, const Measured& after, const Known& known, Rehearsal& out);

// Index entries that an inserted document costs, of each collection that `up` built indexes on.
void add_write_costs(const Measured& before, const Measured& after, Rehearsal& out);

}  // namespace plumb::rehearse
