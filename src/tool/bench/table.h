// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison, or one recording, as lines for a terminal.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/compare.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// One line; `verdict` stands at its end and may be coloured.
struct TableLine {
    std::string text;
    Verdict verdict = Verdict::NoPromise;
    bool has_verdict = false;
    bool is_note = false;  // plans and reasons: of less weight than the figures
};

// The header, then for each row its figures, its plans and its reasons; then the promises about the
// whole, and the warnings.
[[nodiscard]] std::vector<TableLine> comparison_table(const Comparison& comparison);

// One line for each measured query.
[[nodiscard]] std::vector<TableLine> recording_table(const Recording& recording);

// Throughput, latencies and what the server spent, then a line for each query.
[[nodiscard]] std::vector<TableLine> mixed_table(const Mixed& mixed);

// For each collection its indexes, then each kind of write by the number of indexes.
[[nodiscard]] std::vector<TableLine> write_table(const WriteTrial& trial);

}  // namespace plumb::bench
