// SPDX-License-Identifier: GPL-3.0-or-later
// Advice and shapes as tables for a terminal.
//
// Threads  one thread.
#pragma once

#include "cli/console.h"
#include "tool/advise/advice.h"
#include "tool/capture/shape_table.h"

namespace plumb::cli {

void print_advice(Console& console, const advise::Advice& advice);

// The two sets side by side, and each query under both.
void print_comparison(Console& console, const advise::Comparison& comparison);

// One query in full.
void print_explanation(Console& console, const advise::QueryExplanation& explanation);

// One line a shape, the most expensive first.
void print_shapes(Console& console, const capture::ShapeTable& table);

}  // namespace plumb::cli
