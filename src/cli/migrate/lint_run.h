// SPDX-License-Identifier: GPL-3.0-or-later
// Lint as `plumb migrate lint` shows it, and as a gate before a run.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"

#include <vector>

namespace plumb::cli {

// Looks at what is about to run: errors stop it, warnings are counted in a note. Whole collections
// are not read; the run itself looks for duplicates.
//   errors  RefusedForSafety with all errors, details {problems: [{code, file, line, column,
//   text}]}
[[nodiscard]] Status lint_before_run(Context& context,
                                     const migrate::Deployment& deployment,
                                     const std::vector<project::MigrationFile>& all,
                                     const std::vector<const project::MigrationFile*>& to_run);

}  // namespace plumb::cli
