// SPDX-License-Identifier: GPL-3.0-or-later
// Times and durations as a watch reads and writes them.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::watch {

// "2026-01-27T04:30:00Z"
[[nodiscard]] std::string utc_text(std::int64_t ms);
// "48 h", "1 h 30 min", "12 s", "0.5 s"
[[nodiscard]] std::string span_text(std::int64_t ms);
// "500ms", "30s", "15m", "48h", "7d". errors: UsageError
[[nodiscard]] Result<std::chrono::milliseconds> parse_span(std::string_view text);

}  // namespace plumb::watch
