// SPDX-License-Identifier: GPL-3.0-or-later
// What a run that could not be finished left behind, and the ways to settle it. Looking changes
// nothing; each way is one call that somebody asked for.
//
//   PLUMB_TRY(left, diagnose(deployment, facts));
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/index/database_facts.h"
#include "tool/migrate/ledger/ledger_record.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// One thing that differs from a migration that is wholly applied or wholly taken back.
struct Leftover {
    std::string kind;  // of the operation
    std::string collection;
    std::string text;     // what the ledger says and what is there
    bool undone = false;  // nothing of it is left
};

struct Diagnosis {
    Record record;
    std::string cause;  // the words of the event that ended it
    std::vector<Leftover> leftovers;

    [[nodiscard]] bool anything_left() const;
};

// Every version that is neither pending, applied nor rolled back, with what is really there.
//   errors  what the server says
[[nodiscard]] Result<std::vector<Diagnosis>> diagnose(const Deployment& deployment);

// Accepts the database as it is: the version counts as applied (or as rolled back) from now on.
// Nothing but the ledger is changed.
//   errors  LockHeld; UsageError if the version is not half-way
[[nodiscard]] Status accept_as(const Deployment& deployment, int version, State state);

}  // namespace plumb::migrate
