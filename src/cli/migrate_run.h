// SPDX-License-Identifier: GPL-3.0-or-later
// What the sub-commands of `plumb migrate` do, once their options are read.
#pragma once

#include "base/result.h"
#include "cli/context.h"

#include <string>

namespace plumb::cli {

struct MigrateOptions {
    std::string version;
    std::string to;
    bool dry_run = false;
    bool all = false;
    bool last = false;
    bool force = false;
};

[[nodiscard]] Result<ExitCode> run_one(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> rollback_one(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> run_up(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> run_down(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> show_status(Context& context, const MigrateOptions& options);
[[nodiscard]] Result<ExitCode> show_history(Context& context, const MigrateOptions& options);

}  // namespace plumb::cli
