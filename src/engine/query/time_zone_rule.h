// SPDX-License-Identifier: GPL-3.0-or-later
// The rule by which a zone goes on for ever: "CET-1CEST,M3.5.0,M10.5.0/3".
//
// Source   POSIX "TZ"; RFC 8536 section 3.3.1 (hours from -167 to 167)
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::query {

// A day of the year on which clocks change, and when on that day.
struct ZoneChange {
    enum class Kind : std::uint8_t { MonthWeekDay, JulianDay, DayOfYear };
    Kind kind = Kind::MonthWeekDay;
    int month = 0;
    int week = 0;
    int day = 0;
    std::int64_t seconds = 7200;  // of the wall clock before the change
};

struct ZoneRule {
    std::int64_t standard_offset = 0;  // seconds ahead of UTC
    bool has_summer = false;
    std::int64_t summer_offset = 0;
    ZoneChange summer_begins;
    ZoneChange summer_ends;

    // Seconds ahead of UTC at a moment, in seconds since the epoch.
    [[nodiscard]] std::int64_t offset_at(std::int64_t seconds) const;
};

// Nothing if `text` is no rule.
[[nodiscard]] std::optional<ZoneRule> parse_zone_rule(std::string_view text);

}  // namespace plumb::query
