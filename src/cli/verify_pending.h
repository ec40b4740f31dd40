// SPDX-License-Identifier: GPL-3.0-or-later
// A repair without what a pending migration of the project does already.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "tool/verify/repair.h"

#include <string>
#include <vector>

namespace plumb::cli {

// Takes those changes out of `repair`; a line for each index that is left to a migration.
//   errors  those of reading the migrations and the ledger
[[nodiscard]] Result<std::vector<std::string>> leave_to_pending(Context& context,
                                                                verify::Repair& repair);

}  // namespace plumb::cli
