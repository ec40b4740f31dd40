// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes that a data operation needs for its look-ups and that nobody else asked for: built
// before the first batch, dropped after the last.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/index/build.h"
#include "tool/migrate/ledger/ledger_record.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// An index `_plumb_helper_…` over these fields.
[[nodiscard]] HelperIndex helper_index(const std::string& collection,
                                       const std::vector<std::string>& fields);

// Those of `wanted` that no index of their collection can stand in for.
[[nodiscard]] Result<std::vector<HelperIndex>> missing_helpers(
    const Deployment& deployment, const std::vector<HelperIndex>& wanted);

[[nodiscard]] Status build_helpers(const Deployment& deployment,
                                   const std::vector<HelperIndex>& helpers,
                                   OnInterrupt on_interrupt);
// Those that are gone already are no error.
[[nodiscard]] Status drop_helpers(const Deployment& deployment,
                                  const std::vector<HelperIndex>& helpers);

}  // namespace plumb::migrate
