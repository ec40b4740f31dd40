// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a whole workload and records what it measured.
//
//   PLUMB_TRY(recording, run_workload(client, "shop", workload, options, interrupt, on_row));
//
// Threads  as the client.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/bench/measure.h"
#include "tool/bench/recording.h"
#include "tool/workload/workload.h"

#include <functional>
#include <string>
#include <vector>

namespace plumb::bench {

struct RunOptions {
    MeasureOptions measure;
    std::vector<std::string> only;  // ids of queries; empty: all
    std::uint64_t seed = 0;
    // Sends the measured calls, so that a profile tells them from the tool's own; null: the same.
    client::Client* caller = nullptr;
};

// Before each share of a query's samples: its id, how many shares are done, how many there are.
using OnQuery = std::function<void(std::string_view id, std::int64_t done, std::int64_t total)>;

// All queries in turn, round by round.
//   errors  UsageError for an unknown id in `only`; Interrupted; what the server says
[[nodiscard]] Result<Recording> run_workload(client::Client& client,
                                             const std::string& database,
                                             const workload::Workload& workload,
                                             const RunOptions& options,
                                             Interrupt& interrupt,
                                             const OnQuery& on_query);

}  // namespace plumb::bench
