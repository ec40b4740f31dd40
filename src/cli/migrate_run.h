// SPDX-License-Identifier: GPL-3.0-or-later
// What the running sub-commands of `plumb migrate` do, once their options are read.
#pragma once

#include "base/result.h"
#include "cli/context.h"

#include <cstdint>
#include <string>

namespace plumb::cli {

struct MigrateOptions {
    std::string version;
    std::string to;
    bool dry_run = false;
    bool all = false;
    bool last = false;
    std::int64_t throttle = 0;  // documents a second; 0: no limit
    std::string window;         // "02:00-05:00"
    std::string soak;           // "10m"
    bool rolling = false;
    std::string members;  // a file; with rolling: do it instead of printing the steps
    bool allow_unique = false;
    std::string commit_quorum;
};

[[nodiscard]] Result<ExitCode> run_one(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> rollback_one(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> run_up(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> run_down(Context& context, const MigrateOptions& options);
// The last one back and forth again.
[[nodiscard]] Result<ExitCode> run_redo(Context& context, const MigrateOptions& options);

}  // namespace plumb::cli
