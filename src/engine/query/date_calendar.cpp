// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/date_calendar.h"

#include <array>

namespace plumb::query {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

bool is_leap(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// 0 Sunday to 6 Saturday; day 0 was a Thursday.
int weekday_of(std::int64_t days) {
    const std::int64_t from_sunday = days + 4;
    return static_cast<int>(from_sunday - floor_divide(from_sunday, 7) * 7);
}

// The Monday on which week 1 of a year begins: that of the week with 4 January.
std::int64_t first_monday(std::int64_t year) {
    const std::int64_t fourth = days_from_civil(year, 1, 4);
    const int from_monday = (weekday_of(fourth) + 6) % 7;
    return fourth - from_monday;
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
    // Years begin in March here, so that the leap day is a year's last.
    const std::int64_t shifted = month <= 2 ? year - 1 : year;
    const std::int64_t era = floor_divide(shifted, 400);
    const std::int64_t year_of_era = shifted - era * 400;
    const std::int64_t month_from_march = (month + 9) % 12;
    const std::int64_t day_of_shifted_year = (153 * month_from_march + 2) / 5;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_shifted_year;
    return era * 146097 + day_of_era - 719468 + (day - 1);
}

CivilTime civil_from_ms(std::int64_t ms) {
    const std::int64_t days = floor_divide(ms, kMillisecondsPerDay);
    std::int64_t rest = ms - days * kMillisecondsPerDay;
    CivilTime out;
    out.millisecond = static_cast<int>(rest % 1000);
    rest /= 1000;
    out.second = static_cast<int>(rest % 60);
    rest /= 60;
    out.minute = static_cast<int>(rest % 60);
    out.hour = static_cast<int>(rest / 60);
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = floor_divide(shifted, 146097);
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_shifted_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_shifted_year + 2) / 153;
    out.day = static_cast<int>(day_of_shifted_year - (153 * month_from_march + 2) / 5 + 1);
    out.month =
        static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    out.year = year_of_era + era * 400 + (out.month <= 2 ? 1 : 0);
    return out;
}

std::int64_t ms_from_civil(const CivilTime& time) {
    const std::int64_t days = days_from_civil(time.year, time.month, time.day);
    const std::int64_t seconds =
        std::int64_t{time.hour} * 3600 + std::int64_t{time.minute} * 60 + std::int64_t{time.second};
    return days * kMillisecondsPerDay + seconds * 1000 + time.millisecond;
}

int days_in_month(std::int64_t year, int month) {
    constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

int day_of_year(const CivilTime& time) {
    return static_cast<int>(days_from_civil(time.year, time.month, time.day) -
                            days_from_civil(time.year, 1, 1)) +
           1;
}

int weekday(const CivilTime& time) {
    return weekday_of(days_from_civil(time.year, time.month, time.day));
}

int week_of_year(const CivilTime& time) {
    return (day_of_year(time) - 1 + 7 - weekday(time)) / 7;
}

IsoWeek iso_week(const CivilTime& time) {
    const std::int64_t days = days_from_civil(time.year, time.month, time.day);
    const int day = (weekday_of(days) + 6) % 7;  // 0 Monday
    // The week belongs to the year that has its Thursday.
    const std::int64_t thursday = days - day + 3;
    const std::int64_t year = civil_from_ms(thursday * kMillisecondsPerDay).year;
    const auto week = static_cast<int>((thursday - first_monday(year)) / 7) + 1;
    return {year, week, day + 1};
}

std::int64_t days_from_iso_week(const IsoWeek& day) {
    return first_monday(day.year) + (std::int64_t{day.week} - 1) * 7 + (day.weekday - 1);
}

}  // namespace plumb::query
