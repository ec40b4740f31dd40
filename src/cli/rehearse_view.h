// SPDX-License-Identifier: GPL-3.0-or-later
// A rehearsal as lines for people.
//
// Threads  one thread.
#pragma once

#include "cli/console.h"
#include "tool/rehearse/record.h"

#include <filesystem>

namespace plumb::cli {

// All of it: what was copied, what was built, what each query gains, what would fail.
void print_rehearsal(Console& console, const rehearse::Rehearsal& rehearsal);

// The same in a few lines.
void print_rehearsal_summary(Console& console, const rehearse::Rehearsal& rehearsal);

}  // namespace plumb::cli
