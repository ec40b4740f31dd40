// SPDX-License-Identifier: GPL-3.0-or-later
// The whole workload in its proportions for a while, over several connections: either as fast as
// answers come (closed loop), or at a rate that does not wait for answers (open loop).
//
//   MixedOptions options{.duration = 10s, .rate = 200, .connections = 4};
//   PLUMB_TRY(mixed, run_mixed({client, connect, "shop"}, workload, options, interrupt));
//
// In the open loop calls fall due at random moments of that rate. One that finds all connections
// busy waits, and its duration counts from when it was due: a server that stalls for a second is a
// second slow for all that fell due in it, not for the one call that was on its way.
//
// Source   G. Tene, "How NOT to Measure Latency" (coordinated omission)
// Threads  makes one thread for each connection; the function itself is called by one.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/bench/recording.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace plumb::bench {

struct MixedOptions {
    std::chrono::milliseconds duration{10'000};
    double rate = 0;  // calls a second of the whole workload; 0: closed loop
    std::int64_t connections = 1;
    std::uint64_t seed = 0;
};

// Calls a second that the declared frequencies make.
[[nodiscard]] double declared_rate(const workload::Workload& workload);

// Where to measure; `connect` makes one connection for each thread.
struct MixedTarget {
    client::Client& client;
    std::function<Result<std::unique_ptr<client::Client>>()> connect;
    std::string database;
};

// Updated documents are put back and inserted ones removed, also when interrupted.
//   errors  UsageError for more calls than can be planned; Interrupted; what the server says to the
//           preparation (a refused call of the workload is counted, not an Error)
[[nodiscard]] Result<Mixed> run_mixed(const MixedTarget& target,
                                      const workload::Workload& workload,
                                      const MixedOptions& options,
                                      Interrupt& interrupt);

// The moments, from the start, at which calls fall due: a Poisson process, the same for one seed.
[[nodiscard]] std::vector<std::chrono::nanoseconds> due_times(const MixedOptions& options);

}  // namespace plumb::bench
