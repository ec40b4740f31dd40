// SPDX-License-Identifier: GPL-3.0-or-later
// The three ways of `plumb watch`: live, a report about what is kept, a recorded series once more.
#pragma once

#include "base/result.h"
#include "cli/context.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::cli {

struct WatchCommandOptions {
    std::string length;  // --for; empty: the project's, else 48h
    std::string every = "30s";
    std::int64_t samples = 0;
    int priority = 1;
    bool fresh = false;  // --new
    bool report = false;
    std::string fast_forward;
    std::vector<std::string> members;
    std::string on_alert;
    std::string webhook;
    int metrics_port = -1;  // below 0: none
};

// errors  UsageError; RefusedForSafety; LockHeld; what stands in the way of a first sample
[[nodiscard]] Result<ExitCode> watch_live(Context& context, const WatchCommandOptions& options);
[[nodiscard]] Result<ExitCode> watch_report(Context& context);
[[nodiscard]] Result<ExitCode> watch_again(Context& context, const WatchCommandOptions& options);

}  // namespace plumb::cli
