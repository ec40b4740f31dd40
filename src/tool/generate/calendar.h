// SPDX-License-Identifier: GPL-3.0-or-later
// Days and instants as the shop stores them: `2026-01-27`, `2026-01`, `2026-01-27T05:10:00+05:30`.
//
// Threads  pure functions.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::generate {

// A day of the proleptic Gregorian calendar: days since 1970-01-01.
struct Day {
    std::int32_t number = 0;
    auto operator<=>(const Day&) const = default;
};

[[nodiscard]] constexpr Day operator+(Day day, std::int32_t days) {
    return {day.number + days};
}
[[nodiscard]] constexpr Day operator-(Day day, std::int32_t days) {
    return {day.number - days};
}

inline constexpr std::int64_t kMsPerMinute = 60'000;
inline constexpr std::int64_t kMsPerDay = 86'400'000;
// The shop's zone, India: five and a half hours east of UTC, without summer time.
inline constexpr std::int64_t kZoneOffsetMs = 330 * kMsPerMinute;

// From `YYYY-MM-DD`; nothing if it is no such day.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);

// `2026-01-27`
[[nodiscard]] std::string day_text(Day day);

// `2026-01`, the month that is `months_back` before the one of `day`.
[[nodiscard]] std::string month_text(Day day, int months_back);

[[nodiscard]] bool is_weekend(Day day);

// Milliseconds since the epoch at `minute` after midnight of this day in the shop's zone.
[[nodiscard]] constexpr std::int64_t instant_ms(Day day, std::int64_t minute) {
    return day.number * kMsPerDay + minute * kMsPerMinute - kZoneOffsetMs;
}

// `2026-01-27T05:10:00+05:30`, cut to the second.
[[nodiscard]] std::string instant_text(std::int64_t ms);

}  // namespace plumb::generate
