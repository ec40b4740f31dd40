// SPDX-License-Identifier: GPL-3.0-or-later
// `--rolling`: prints the steps of a build node by node, or with `--members` does them.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "cli/migrate/session.h"
#include "cli/migrate_run.h"
#include "project/migration_file.h"

#include <vector>

namespace plumb::cli {

// errors  as lint_before_run, migrate::build_by_member, migrate::apply
[[nodiscard]] Result<ExitCode> run_rolling(Context& context,
                                           MigrateSession& session,
                                           const MigrateOptions& options,
                                           const std::vector<project::MigrationFile>& all,
                                           const std::vector<const project::MigrationFile*>& files);

}  // namespace plumb::cli
