// SPDX-License-Identifier: GPL-3.0-or-later
// Giving up ways back: the collections that hold old values or were renamed aside.
//
//   PLUMB_TRY(list, prunable(deployment, {}));
//   PLUMB_TRY(dropped, prune(deployment, list));
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plumb::migrate {

struct Prunable {
    std::string collection;
    int version = 0;  // 0: no record names it; left by a way back that is over
    std::string kind;
    std::string of;  // the collection whose old state it holds; empty if not known
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
};

// What applied migrations up to `to` (all without it) keep for their way back, and leftovers. What
// belongs to a migration that is half-way is not in it.
[[nodiscard]] Result<std::vector<Prunable>> prunable(const Deployment& deployment,
                                                     std::optional<int> to);

// Drops them and notes it in the ledger: these versions cannot be rolled back from then on.
//   errors  LockHeld; what the server says
[[nodiscard]] Status prune(const Deployment& deployment, const std::vector<Prunable>& list);

}  // namespace plumb::migrate
