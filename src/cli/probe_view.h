// SPDX-License-Identifier: GPL-3.0-or-later
// The costs of a server as lines for people.
//
// Threads  one thread.
#pragma once

#include "cli/console.h"
#include "tool/calibrate/costs.h"

namespace plumb::cli {

void print_costs(Console& console, const calibrate::Costs& costs);

}  // namespace plumb::cli
