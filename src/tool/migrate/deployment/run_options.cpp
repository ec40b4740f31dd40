// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/deployment/run_options.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace plumb::migrate {
namespace {

constexpr int kMinutesPerHour = 60;
constexpr std::int64_t kSpanSecondsMax = 7L * 24 * 3600;

// "02:30" as minutes; nothing if it is no time of the day.
std::optional<int> minute_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return {};
    }
    const std::string_view hours = text.substr(0, colon);
    const std::string_view minutes = text.substr(colon + 1);
    int hour = -1;
    int minute = -1;
    const auto read_hour = std::from_chars(hours.data(), hours.data() + hours.size(), hour);
    const auto read_minute =
        std::from_chars(minutes.data(), minutes.data() + minutes.size(), minute);
    const bool whole = read_hour.ec == std::errc{} && read_minute.ec == std::errc{} &&
                       read_hour.ptr == hours.data() + hours.size() &&
                       read_minute.ptr == minutes.data() + minutes.size() && minutes.size() == 2;
    const bool fits = hour >= 0 && minute >= 0 && minute < kMinutesPerHour &&
                      (hour < 24 || (hour == 24 && minute == 0));
    if (!whole || !fits) {
        return {};
    }
    return hour % 24 * kMinutesPerHour + minute;
}

struct Unit {
    std::string_view suffix;
    std::int64_t seconds;
};
constexpr auto kUnits =
    std::to_array<Unit>({{"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}});

}  // namespace

bool DayWindow::contains(int minute) const {
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

std::string DayWindow::to_string() const {
    return fmt::format("{:02}:{:02}-{:02}:{:02}",
                       from / kMinutesPerHour,
                       from % kMinutesPerHour,
                       to / kMinutesPerHour,
                       to % kMinutesPerHour);
}

Result<DayWindow> parse_day_window(std::string_view text) {
    const auto dash = text.find('-');
    const auto from = minute_of(text.substr(0, dash));
    const auto to =
        dash == std::string_view::npos ? std::optional<int>{} : minute_of(text.substr(dash + 1));
    if (!from.has_value() || !to.has_value() || *from == *to) {
        return fail(ErrorCode::UsageError,
                    fmt::format("'{}' is no window; write HH:MM-HH:MM, such as 02:00-05:00", text));
    }
    return DayWindow{*from, *to};
}

Result<std::chrono::seconds> parse_span(std::string_view text) {
    std::int64_t number = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view rest{read.ptr,
                                static_cast<std::size_t>(text.data() + text.size() - read.ptr)};
    if (read.ec == std::errc{} && number >= 0 && number <= kSpanSecondsMax) {
        if (number == 0 && rest.empty()) {
            return std::chrono::seconds{0};
        }
        for (const Unit& unit : kUnits) {
            if (unit.suffix == rest && number * unit.seconds <= kSpanSecondsMax) {
                return std::chrono::seconds{number * unit.seconds};
            }
        }
    }
    return fail(ErrorCode::UsageError,
                fmt::format("'{}' is no span of time up to 7d; write 90s, 10m or 2h", text));
}

}  // namespace plumb::migrate
