// SPDX-License-Identifier: GPL-3.0-or-later
// What can be known before anything runs: which migrations, what lint says of them, which unique
// indexes the source's documents stand against. Reads the source only.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/rehearse/rehearse.h"

#include <vector>

namespace plumb::rehearse {

// A deployment for looking at the source: nobody may write through it.
[[nodiscard]] migrate::Deployment looking_at_source(const Inputs& inputs);

// The migrations to rehearse, in their order.
//   errors  as rehearse()
[[nodiscard]] Result<std::vector<const project::MigrationFile*>> choose_migrations(
    const migrate::Deployment& source, const Inputs& inputs, const Options& options);

// Adds findings of lint to `out.lint`, errors among them to `out.failures` too.
[[nodiscard]] Status lint_migrations(const migrate::Deployment& source,
                                     const Inputs& inputs,
                                     const std::vector<const project::MigrationFile*>& files,
                                     Rehearsal& out);

// Adds to `out.failures` what unique indexes would meet in the source: a sample cannot prove that
// there are no duplicates.
[[nodiscard]] Status look_for_duplicates(const migrate::Deployment& source,
                                         const std::vector<const project::MigrationFile*>& files,
                                         Rehearsal& out);

}  // namespace plumb::rehearse
