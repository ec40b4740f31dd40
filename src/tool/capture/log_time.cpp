// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/log_line_internal.h"

#include <charconv>
#include <chrono>

namespace plumb::capture {
namespace {

// "2026-11-24T02:06:02.032": where each number stands, and how long it is.
constexpr std::size_t kTimeBytes = 23;

int number_at(std::string_view text, std::size_t at, std::size_t size) {
    int out = -1;
    const char* const begin = text.data() + at;
    const auto read = std::from_chars(begin, begin + size, out);
    return read.ec == std::errc{} && read.ptr == begin + size ? out : -1;
}

// "+05:30", "-0800", "Z" in minutes.
int offset_minutes(std::string_view text) {
    if (text.size() < 5 || (text.front() != '+' && text.front() != '-')) {
        return 0;
    }
    const std::size_t minutes_at = text[3] == ':' ? 4 : 3;
    if (text.size() < minutes_at + 2) {
        return 0;
    }
    const int minutes = number_at(text, 1, 2) * 60 + number_at(text, minutes_at, 2);
    return text.front() == '-' ? -minutes : minutes;
}

}  // namespace

std::int64_t parse_log_time(std::string_view text) {
    if (text.size() < kTimeBytes || text[10] != 'T') {
        return 0;
    }
    const std::chrono::year_month_day day{
        std::chrono::year{number_at(text, 0, 4)},
        std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
        std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
    if (!day.ok()) {
        return 0;
    }
    const auto time =
        std::chrono::sys_days{day} + std::chrono::hours{number_at(text, 11, 2)} +
        std::chrono::minutes{number_at(text, 14, 2) - offset_minutes(text.substr(kTimeBytes))} +
        std::chrono::seconds{number_at(text, 17, 2)} +
        std::chrono::milliseconds{number_at(text, 20, 3)};
    return time.time_since_epoch().count();
}

}  // namespace plumb::capture
