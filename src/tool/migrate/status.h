// SPDX-License-Identifier: GPL-3.0-or-later
// The migrations of a project against the ledger of a database.
//
// Threads  pure functions.
#pragma once

#include "project/migration_file.h"
#include "tool/migrate/ledger/ledger_record.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::migrate {

struct VersionStatus {
    int version = 0;
    std::string name;
    const project::MigrationFile* file = nullptr;  // null: applied once, its file is gone
    const Record* record = nullptr;                // null: never ran here
    std::string state;                             // "pending" or the ledger's
    bool baseline = false;                         // taken as applied, not run here
    std::string problem;  // "its file was edited after it was applied" …; empty if all is well
};

// One row a version of either side, by number. Rows point into both arguments.
[[nodiscard]] std::vector<VersionStatus> compare(const std::vector<project::MigrationFile>& files,
                                                 const std::vector<Record>& records);

// True if the migration has to be applied: never ran, rolled back, or a run of it did not end.
[[nodiscard]] bool is_pending(const VersionStatus& status);

// The files that `up` applies, in order, at most up to `to`.
[[nodiscard]] std::vector<const project::MigrationFile*> pending(
    const std::vector<VersionStatus>& statuses, std::optional<int> to);

// The versions that `down` takes back, the one that was applied last first: only that one, all, or
// those with a number above `version`. What a migration finds may be what one with a higher number
// made, if that ran before it: so time decides the order and not the number. What a baseline took
// over is not among them: nothing here knows how to undo it.
enum class DownTo : std::uint8_t { Last, All, Version };
[[nodiscard]] std::vector<int> to_revert(const std::vector<VersionStatus>& statuses,
                                         DownTo how_far,
                                         int version);

// The versions that were applied after this one and are still there, the last one first: what may
// stand in the way when this one is taken back.
[[nodiscard]] std::vector<int> applied_after(const std::vector<Record>& records, int version);

}  // namespace plumb::migrate
