// SPDX-License-Identifier: GPL-3.0-or-later
// The five lines that a deployment is judged by after a watch.
//
// Threads  pure functions.
#pragma once

#include "tool/watch/summary.h"

#include <vector>

namespace plumb::watch {

// `so_far` has members, gaps, indexes and alerts filled in.
[[nodiscard]] std::vector<ChecklistLine> fill_checklist(const Observer& observer,
                                                        const Summary& so_far);

}  // namespace plumb::watch
