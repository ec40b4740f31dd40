// SPDX-License-Identifier: GPL-3.0-or-later
// Measures one query of the workload: latencies, plan, what was examined, CPU and bytes.
//
// Threads  as the client.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/bench/recording.h"
#include "tool/workload/draw.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace plumb::bench {

struct MeasureOptions {
    std::int64_t samples = 30;                   // wanted for each query
    std::int64_t rounds = 5;                     // that they are spread over; at least 1
    std::chrono::milliseconds time_limit{3000};  // of a query whose samples take longer
    std::chrono::milliseconds time_wanted{400};  // spent at least, so that fast queries get more
    // Up to this duration a sample is cheap enough that all wanted ones are taken whatever the
    // limit.
    std::chrono::milliseconds always_complete_below{50};
};

struct Measured {
    client::Client& client;  // for everything around the calls
    client::Client& caller;  // sends the measured calls; may be the same
    const std::string& database;
    const workload::Drawer& drawer;
    const MeasureOptions& options;
    Interrupt& interrupt;
};

// One row. A command that the server refuses gives a row with `error`, not an Error.
//   errors  Interrupted; what went wrong in putting written data back
[[nodiscard]] Result<Row> measure(const Measured& with, const workload::Query& query);

// Median of a ping in nanoseconds.
[[nodiscard]] Result<double> measure_ping(client::Client& client);

}  // namespace plumb::bench
