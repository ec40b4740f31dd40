// SPDX-License-Identifier: GPL-3.0-or-later
// Applies migrations and takes them back.
//
//   PLUMB_TRY(outcome, apply(deployment, file));    // plumb migrate run 003
//   PLUMB_TRY(back, revert(deployment, 3));         // plumb migrate rollback 003
//
// Every step is written to the ledger before it is done, so that a run that ends anywhere (kill -9
// too) is finished or taken back by the next one. What decides is the server's real state.
//
// Source   spec 04 "Running"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/outcome.h"

namespace plumb::migrate {

// Applies one migration; what is there already is kept and not owned.
//   errors  ProjectFileInvalid for an operation this version does not have; LockHeld;
//           ChecksumMismatch if it was applied and its file changed since; RefusedForSafety with
//           all that would make it fail, nothing built; RolledBack if it failed and was undone;
//           RollbackFailed if undoing failed too
[[nodiscard]] Result<Outcome> apply(const Deployment& deployment,
                                    const project::MigrationFile& file);

// Takes back what the ledger says this version did, from whatever state it is in. Works without the
// migration's file.
//   errors  LockHeld; RollbackFailed
[[nodiscard]] Result<Outcome> revert(const Deployment& deployment, int version);

// Tells the listener what apply() would find and send; writes nothing at all.
//   errors  as apply() up to RefusedForSafety
[[nodiscard]] Result<Outcome> preview_apply(const Deployment& deployment,
                                            const project::MigrationFile& file);
[[nodiscard]] Result<Outcome> preview_revert(const Deployment& deployment, int version);

}  // namespace plumb::migrate
