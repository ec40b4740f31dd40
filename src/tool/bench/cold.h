// SPDX-License-Identifier: GPL-3.0-or-later
// First calls to a server that has just been started, whose own cache is empty. The operating
// system's cache of its files is not.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/bench/run.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace plumb::bench {

// Stops the server if it runs, starts it, and connects; the client lives until the next call.
using Restart = std::function<Result<client::Client*>()>;

struct ColdOptions {
    std::int64_t times = 3;  // restarts for each query
    std::vector<std::string> only;
    std::uint64_t seed = 0;
};

// Nanoseconds of the first calls of each reading query, by its id. Writes are left out: what they
// change would have to be read before.
//   errors  what starting and the server say; Interrupted
[[nodiscard]] Result<std::map<std::string, std::vector<double>>> measure_cold(
    const Restart& restart,
    const std::string& database,
    const workload::Workload& workload,
    const ColdOptions& options,
    Interrupt& interrupt,
    const OnQuery& on_query);

}  // namespace plumb::bench
