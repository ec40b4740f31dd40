// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of the checklist that two bench runs decide: dashboard, reports, CPU.
//
// Threads  pure functions.
#pragma once

#include "tool/watch/baseline.h"

#include <vector>

namespace plumb::watch {

// One of each item; "not measured" with the command to run where a run is missing.
[[nodiscard]] std::vector<MeasuredPromise> measured_promises(const BaselineSources& sources);

}  // namespace plumb::watch
