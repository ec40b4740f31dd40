// SPDX-License-Identifier: GPL-3.0-or-later
// Whether `up` left what the migrations say: the indexes as declared, validators that are enforced.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/rehearse/rehearse.h"

#include <vector>

namespace plumb::rehearse {

// Adds to `out.failures` each index that the migrations declare, do not drop later, and that is not
// there in that definition; to `out.notes` how many of the strategy's there are.
[[nodiscard]] Status verify_indexes(client::Client& client,
                                    const Inputs& inputs,
                                    const std::vector<const project::MigrationFile*>& files,
                                    Rehearsal& out);

// Inserts a forbidden document into every collection whose validator stops errors. Adds to
// `out.failures` where it was not refused.
[[nodiscard]] Status probe_validators(client::Client& client, const Inputs& inputs, Rehearsal& out);

// Adds a line for each index that `up` built: its definition, size and entries now.
[[nodiscard]] Status measure_indexes(client::Client& client,
                                     const Inputs& inputs,
                                     const std::vector<const project::MigrationFile*>& files,
                                     Rehearsal& out);

}  // namespace plumb::rehearse
