// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around every operation: what the ledger is told before and after, and the listener at
// the end.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/ledger/outcome.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::migrate {

// One operation under way: what the file wants, and where the ledger keeps track of it.
struct OperationRun {
    const Deployment& deployment;
    Ledger& ledger;
    Record& record;
    OperationRecord& entry;
    Outcome& outcome;
    std::size_t place;  // of `entry` in the record
};

// Before the first change: `entry` holds by now whatever the way back needs.
[[nodiscard]] Status begin_operation(OperationRun& run);
// After the last one. `detail` goes into the ledger's event.
[[nodiscard]] Status finish_operation(OperationRun& run, std::string_view detail = {});
// After everything was taken back; forgets what the way back needed.
[[nodiscard]] Status operation_undone(OperationRun& run);

// Tells the listener; counts a step that was done.
void tell_step(OperationRun& run, StepEvent::What what, std::string text, std::int64_t ms = 0);

// "_plumb_backup_003_1_f7": where operation 1 of version 3 keeps old values under fence 7. No two
// runs have the same.
[[nodiscard]] std::string backup_name(const OperationRun& run);
// "_plumb_dropped_003_1_f7": what a collection is called that was taken away with its data.
[[nodiscard]] std::string aside_name(const OperationRun& run);

}  // namespace plumb::migrate
