// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger is told before the first member is touched. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/lock.h"

#include <memory>

namespace plumb::migrate {

// Holds the migration lock while it lives.
class RollingIntent {
  public:
    // Notes the missing indexes as intended: apply(), or the next run of either kind, owns those
    // of them that are there by then.
    //   errors  LockHeld; RefusedForSafety if the migration is applied, or another kind of run of
    //           it did not end
    [[nodiscard]] static Result<RollingIntent> begin(const Deployment& deployment,
                                                     const project::MigrationFile& file);

    // errors  LockHeld once the lock is lost: then no further member may be taken out
    [[nodiscard]] Status check() const { return lock_->check(); }

  private:
    explicit RollingIntent(std::unique_ptr<Lock> lock) : lock_(std::move(lock)) {}

    std::unique_ptr<Lock> lock_;
};

}  // namespace plumb::migrate
