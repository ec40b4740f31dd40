// SPDX-License-Identifier: GPL-3.0-or-later
// One line of a server's log, taken apart: which parts of it are the command, and its figures.
//
// Threads  pure functions.
#pragma once

#include "tool/capture/shape_table.h"

#include <cstdint>
#include <string_view>

namespace plumb::capture {

enum class LineKind : std::uint8_t {
    Other,      // no finished operation
    Operation,  // one
    Truncated,  // an operation whose command the server cut short
    Malformed,
};

// Views into the line.
struct LogLine {
    LineKind kind = LineKind::Other;
    std::string_view ns;  // "shop.orders"
    std::string_view app_name;
    std::string_view command;  // as text, braces included; the originating one of a getMore
    std::uint64_t skeleton = 0;
    CallFigures figures;
    std::int64_t time_ms = 0;  // since the epoch; 0 if not read
};

// MongoDB 4.4 and newer: one JSON document a line.
[[nodiscard]] LogLine read_json_line(std::string_view line);

// Before 4.4: "2026-11-24T02:06:02.032+0000 I  COMMAND  [conn60] command shop.users command: …".
[[nodiscard]] LogLine read_text_line(std::string_view line);

// "2026-11-24T02:06:02.032+00:00" (or +0000, or Z) in ms since the epoch; 0 if it is none.
[[nodiscard]] std::int64_t parse_log_time(std::string_view text);

}  // namespace plumb::capture
