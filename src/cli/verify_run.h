// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb verify` is asked for, and its ways of doing it.
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "project/strategy.h"
#include "tool/verify/query_gate.h"
#include "tool/verify/report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::cli {

struct VerifyOptions {
    int priority = 1;
    bool all = false;
    bool allow_extra = false;
    std::vector<std::string> members;  // urls
    bool usage = false;                // print each index's use
    int window_days = 30;
    bool deep = false;
    bool fix = false;
    std::string name = "repair_indexes";  // of the migration that --fix writes
    int watch_seconds = 0;                // 0: once
    bool queries = false;
    std::int64_t floor = verify::kScanFloor;
};

// One look at the deployment.
[[nodiscard]] Result<verify::Report> look(Context& context,
                                          const project::Strategy& strategy,
                                          const VerifyOptions& options);

// plumb verify --fix: writes the migration that repairs what the report found.
//   returns  Problems if something is left that no migration of ours does
[[nodiscard]] Result<ExitCode> write_repair(Context& context,
                                            const project::Strategy& strategy,
                                            const verify::Report& report,
                                            const VerifyOptions& options);

// plumb verify --watch: looks again and again until Ctrl-C and prints what changed.
[[nodiscard]] Result<ExitCode> watch_drift(Context& context,
                                           const project::Strategy& strategy,
                                           const VerifyOptions& options);

// plumb verify --queries: the gate for declared queries.
[[nodiscard]] Result<ExitCode> gate_queries(Context& context, const VerifyOptions& options);

}  // namespace plumb::cli
