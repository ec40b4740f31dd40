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
#include "tool/migrate/deployment.h"
#include "tool/migrate/ledger_record.h"

#include <cstdint>
#include <string>

namespace plumb::migrate {

struct Outcome {
    int version = 0;
    std::string name;
    State state = State::Applied;
    int created = 0;  // indexes
    int existed = 0;
    int dropped = 0;
    int steps = 0;               // other things done: collections, options, data operations
    std::int64_t documents = 0;  // changed by data operations
    std::int64_t left = 0;       // that could not be decided and were left
    std::int64_t ms = 0;
    bool resumed = false;  // an earlier run had not ended
    bool nothing_to_do = false;

    [[nodiscard]] bool changes_nothing() const {
        return created == 0 && dropped == 0 && steps == 0;
    }
};

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
