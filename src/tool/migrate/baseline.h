// SPDX-License-Identifier: GPL-3.0-or-later
// Taking what is there as applied: migrations that were done before the ledger was, by hand or by
// another tool.
//
//   PLUMB_TRY(taken, take_as_applied(deployment, entries));
//
// A baseline owns nothing: the way back of such a version has nothing to undo and is refused.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/ledger_record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

struct BaselineEntry {
    int version = 0;
    std::string name;
    const project::MigrationFile* file = nullptr;  // null: only another tool knows it
    std::string source;                            // "migrate-mongo 2016…-x.js"; empty: by hand
    std::int64_t applied_ms = 0;                   // since the epoch; 0: now
};

// True if the version was taken as applied and has not been run since.
[[nodiscard]] bool is_baseline(const Record& record);

// Writes each entry into the ledger as applied; those that are applied already are left out.
// Returns the versions written.
//   errors  LockHeld; RefusedForSafety if a version is half-way
[[nodiscard]] Result<std::vector<int>> take_as_applied(const Deployment& deployment,
                                                       const std::vector<BaselineEntry>& entries);

// Takes the mark back: the version is pending again.
//   errors  LockHeld; UsageError if it is no baseline
[[nodiscard]] Status forget_baseline(const Deployment& deployment, int version);

}  // namespace plumb::migrate
