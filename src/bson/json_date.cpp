// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json_internal.h"

#include <charconv>
#include <chrono>
#include <system_error>

namespace plumb::bson::json {
namespace {

// Takes `count` digits off the front; nothing if they are not there.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count || text.front() < '0') {
        return std::nullopt;
    }
    int out = 0;
    const char* last = text.data() + count;
    const auto [end, problem] = std::from_chars(text.data(), last, out);
    text.remove_prefix(count);
    return problem == std::errc{} && end == last ? std::optional{out} : std::nullopt;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// Fraction of a second as milliseconds; further digits are cut.
std::optional<int> take_milliseconds(std::string_view& text) {
    if (!take(text, '.')) {
        return 0;
    }
    int out = 0;
    int scale = 100;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        out += (text.front() - '0') * scale;
        scale /= 10;
        ++digits;
    }
    return digits > 0 ? std::optional{out} : std::nullopt;
}

// "Z", "+05:30" or "+0530" up to the end of the text.
std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
    if (text == "Z") {
        return std::chrono::minutes{0};
    }
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) {
        return std::nullopt;
    }
    const auto hours = take_digits(text, 2);
    (void)take(text, ':');
    const auto minutes = take_digits(text, 2);
    if (!hours || !minutes || !text.empty() || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset{*hours * 60 + *minutes};
    return west ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> parse_iso_date(std::string_view text) {
    const auto year = take_digits(text, 4);
    const bool dash1 = take(text, '-');
    const auto month = take_digits(text, 2);
    const bool dash2 = take(text, '-');
    const auto day = take_digits(text, 2);
    const bool separator = take(text, 'T') || take(text, ' ');
    const auto hour = take_digits(text, 2);
    const bool colon1 = take(text, ':');
    const auto minute = take_digits(text, 2);
    const bool colon2 = take(text, ':');
    const auto second = take_digits(text, 2);
    if (!year || !month || !day || !hour || !minute || !second ||
        !(dash1 && dash2 && separator && colon1 && colon2)) {
        return std::nullopt;
    }
    const auto milliseconds = take_milliseconds(text);
    const auto zone = parse_zone(text);
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!milliseconds || !zone || !date.ok() || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    const auto since_epoch = std::chrono::sys_days{date}.time_since_epoch() +
                             std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                             std::chrono::seconds{*second} - *zone;
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count() +
           *milliseconds;
}

}  // namespace plumb::bson::json
