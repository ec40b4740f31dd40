// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes `_plumb_migrations`. A write is one atomic change: the new state of a version
// and one more event. Nothing is ever deleted.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/ledger/ledger_record.h"
#include "tool/migrate/ledger/lock.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate {

inline constexpr std::string_view kLedgerCollection = "_plumb_migrations";

// What the ledger has on one version; nothing if it never ran.
[[nodiscard]] Result<std::optional<Record>> read_ledger(const Deployment& deployment, int version);

// All versions, by number.
[[nodiscard]] Result<std::vector<Record>> read_ledger(const Deployment& deployment);

class Ledger {
  public:
    // Writes under this lock, which outlives the ledger.
    Ledger(const Deployment& deployment, const Lock& lock, const Runner& runner)
        : deployment_(deployment), lock_(lock), runner_(runner) {}

    // Stores the record and appends the event {at, event, run, host, detail}. Sets record's fence,
    // host and tool.
    //   errors  LockHeld if the lock is not ours any more: then nothing was written
    [[nodiscard]] Status write(Record& record,
                               std::string_view event,
                               std::string_view detail = {});

    // Stores how far the batches of the operation at this place are, without an event.
    //   errors  LockHeld if the lock is not ours any more: then nothing was written
    [[nodiscard]] Status save_progress(const Record& record, std::size_t operation);

    [[nodiscard]] Status check_lock() const { return lock_.check(); }
    [[nodiscard]] std::int64_t fence() const { return lock_.fence(); }

  private:
    const Deployment& deployment_;
    const Lock& lock_;
    const Runner& runner_;
};

}  // namespace plumb::migrate
