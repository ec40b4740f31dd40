// SPDX-License-Identifier: GPL-3.0-or-later
// How a run of migrations works: rate, window, members. What `plumb migrate` takes as options.
//
//   Deployment deployment{…, options};      // operations read deployment.options
//
// Threads  value types, pure functions.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::migrate {

// A part of the day, in minutes since midnight; `from` after `to` goes over midnight.
struct DayWindow {
    int from = 0;
    int to = 0;

    // True at `minute` of the day; `from` is inside, `to` is not.
    [[nodiscard]] bool contains(int minute) const;
    // "02:00-05:00"
    [[nodiscard]] std::string to_string() const;
};

struct RunOptions {
    std::int64_t throttle_per_second = 0;  // documents that data operations change; 0: no limit
    std::optional<DayWindow> window;       // local time; looked at before each migration
    // An index is hidden so long before the way back drops it, where the server can; 0: at once.
    std::chrono::seconds soak{0};
    std::string commit_quorum;  // "", "majority", "votingMembers", a number or a tag
};

// From "02:00-05:00". errors: UsageError
[[nodiscard]] Result<DayWindow> parse_day_window(std::string_view text);

// From "90s", "10m", "2h", "0". errors: UsageError
[[nodiscard]] Result<std::chrono::seconds> parse_span(std::string_view text);

}  // namespace plumb::migrate
