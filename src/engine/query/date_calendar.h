// SPDX-License-Identifier: GPL-3.0-or-later
// The Gregorian calendar, forwards and backwards without end, and ISO weeks.
//
// Source   ISO 8601; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
// Threads  pure functions.
#pragma once

#include <cstdint>

namespace plumb::query {

// A moment on a wall clock.
struct CivilTime {
    std::int64_t year = 1970;
    int month = 1;  // 1 to 12
    int day = 1;    // 1 to 31
    int hour = 0;
    int minute = 0;
    int second = 0;
    int millisecond = 0;
};

// A day as a week counts it.
struct IsoWeek {
    std::int64_t year;
    int week;     // 1 to 53
    int weekday;  // 1 Monday to 7 Sunday
};

inline constexpr std::int64_t kMillisecondsPerDay = 86'400'000;

// Days since 1970-01-01 of a date; the day may lie outside of its month.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, int month, int day);

// The wall clock `ms` milliseconds after the epoch.
[[nodiscard]] CivilTime civil_from_ms(std::int64_t ms);
// Back again. requires a month of 1 to 12; all other parts may be out of range and carry.
[[nodiscard]] std::int64_t ms_from_civil(const CivilTime& time);

[[nodiscard]] int days_in_month(std::int64_t year, int month);
[[nodiscard]] int day_of_year(const CivilTime& time);   // 1 to 366
[[nodiscard]] int weekday(const CivilTime& time);       // 0 Sunday to 6 Saturday
[[nodiscard]] int week_of_year(const CivilTime& time);  // 0 to 53; week 1 has the first Sunday
[[nodiscard]] IsoWeek iso_week(const CivilTime& time);
// Days since 1970-01-01 of a day given by its week; week and weekday may be out of range.
[[nodiscard]] std::int64_t days_from_iso_week(const IsoWeek& day);

}  // namespace plumb::query
