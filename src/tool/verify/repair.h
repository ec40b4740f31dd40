// SPDX-License-Identifier: GPL-3.0-or-later
// What brings a database back to its strategy: operations for a migration, and advice where only a
// person can decide.
//
//   const Repair it = repair_of(strategy, report);
//   project::migration_of_changes(head, it.changes);
//
// Missing indexes are created, hidden ones unhidden, TTL seconds set by collMod; everything else
// that differs is replaced (the new one covers before the old one goes). An index that the strategy
// does not know is never dropped.
//
// Source   spec 03 "Verify and drift"
// Threads  pure functions.
#pragma once

#include "project/migration_changes_text.h"
#include "project/strategy.h"
#include "tool/verify/report.h"

#include <string>
#include <vector>

namespace plumb::verify {

struct Repair {
    std::vector<project::IndexChange> changes;
    std::vector<std::string> by_hand;  // what no migration does by itself, and what to do
};

[[nodiscard]] Repair repair_of(const project::Strategy& strategy, const Report& report);

}  // namespace plumb::verify
