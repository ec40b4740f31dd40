// SPDX-License-Identifier: GPL-3.0-or-later
// Plan and counts of a query, as the server explains its first samples.
//
// Threads  as the client.
#pragma once

#include "tool/bench/measure.h"

namespace plumb::bench {

// Writes plan, indexes and what was examined into `row`; a server that cannot explain a command
// leaves them unknown.
void explain_row(const Measured& with, const workload::Query& query, Row& row);

}  // namespace plumb::bench
