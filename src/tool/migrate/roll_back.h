// SPDX-License-Identifier: GPL-3.0-or-later
// Taking back what a record says was done. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/ledger/outcome.h"

#include <string_view>

namespace plumb::migrate {

// Undoes all operations in reverse and leaves the record in state RolledBack; `reason` goes into
// the ledger. Not interruptible. errors: whatever stopped it; the record is left in RollingBack
// then
[[nodiscard]] Status roll_back(const Deployment& deployment,
                               Ledger& ledger,
                               Record& record,
                               Outcome& outcome,
                               std::string_view reason);

// After roll_back failed with `second`: says so in the ledger and as the error to end with.
// `first`: what had failed before, empty if nothing had.
[[nodiscard]] Error rollback_failed(const Deployment& deployment,
                                    Ledger& ledger,
                                    Record& record,
                                    std::string_view first,
                                    const Error& second);

}  // namespace plumb::migrate
