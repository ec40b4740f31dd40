// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/calendar.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace plumb::generate {
namespace {

std::chrono::sys_days to_days(Day day) {
    return std::chrono::sys_days{std::chrono::days{day.number}};
}

std::optional<int> parse_digits(std::string_view text) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || text.front() == '-') {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = parse_digits(text.substr(0, 4));
    const auto month = parse_digits(text.substr(5, 2));
    const auto day = parse_digits(text.substr(8, 2));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return Day{static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

std::string day_text(Day day) {
    const std::chrono::year_month_day date{to_days(day)};
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string month_text(Day day, int months_back) {
    const std::chrono::year_month_day date{to_days(day)};
    const auto month =
        std::chrono::year_month{date.year(), date.month()} - std::chrono::months{months_back};
    return fmt::format(
        "{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

bool is_weekend(Day day) {
    const std::chrono::weekday weekday{to_days(day)};
    return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
}

std::string instant_text(std::int64_t ms) {
    const std::int64_t local = ms + kZoneOffsetMs;
    const Day day{static_cast<std::int32_t>(local / kMsPerDay)};
    const std::int64_t second = local % kMsPerDay / 1000;
    return fmt::format(
        "{}T{:02}:{:02}:{:02}+05:30", day_text(day), second / 3600, second / 60 % 60, second % 60);
}

}  // namespace plumb::generate
