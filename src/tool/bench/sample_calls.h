// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of one sample as they are sent to be measured: reads and inserts never repeat;
// updates and deletes come back to the same few documents, which are remembered beforehand.
//
// Threads  pure functions; a Drawer's const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/bench/write_guard.h"
#include "tool/workload/draw.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <vector>

namespace plumb::bench {

// The commands of sample number `index`. errors: as Drawer::commands
[[nodiscard]] Result<std::vector<bson::Document>> sample_calls(const workload::Drawer& drawer,
                                                               const workload::Query& query,
                                                               std::uint64_t index);

// Lets `guard` read all that the samples of this query will change; nothing for a read.
[[nodiscard]] Status remember_targets(const workload::Drawer& drawer,
                                      const workload::Query& query,
                                      WriteGuard& guard);

}  // namespace plumb::bench
