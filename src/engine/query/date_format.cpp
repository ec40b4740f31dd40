// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/date_format.h"

#include "engine/query/date_calendar.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace plumb::query {

namespace {

constexpr std::string_view kWriteSpecifiers = "%GHLMSUVYZdjmuwz";
constexpr std::string_view kReadSpecifiers = "%GHLMSVYZdmuz";

std::string offset_text(std::int64_t offset_s) {
    const std::int64_t minutes = std::abs(offset_s) / 60;
    return fmt::format("{}{:02}{:02}", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

Status check_year(std::int64_t year) {
    if (year < 0 || year > 9999) {
        return fail(
            ErrorCode{18537},
            fmt::format("$dateToString is only defined on years 0-9999, tried to use {}", year));
    }
    return {};
}

// A number of at least so many digits: fmt is slow for what is done for every document.
void append_digits(std::int64_t number, int width, std::string& out) {
    std::array<char, 20> digits{};
    std::size_t at = digits.size();
    for (; number > 0 || width > 0; number /= 10, --width) {
        digits[--at] = static_cast<char>('0' + number % 10);
    }
    out.append(&digits[at], digits.size() - at);
}

Status append_year(std::int64_t year, std::string& out) {
    PLUMB_CHECK(check_year(year));
    append_digits(year, 4, out);
    return {};
}

Status append_piece(char specifier,
                    const CivilTime& time,
                    std::int64_t offset_s,
                    std::string& out) {
    switch (specifier) {
        case 'Y':
            return append_year(time.year, out);
        case 'm':
            append_digits(time.month, 2, out);
            break;
        case 'd':
            append_digits(time.day, 2, out);
            break;
        case 'H':
            append_digits(time.hour, 2, out);
            break;
        case 'M':
            append_digits(time.minute, 2, out);
            break;
        case 'S':
            append_digits(time.second, 2, out);
            break;
        case 'L':
            append_digits(time.millisecond, 3, out);
            break;
        case 'j':
            append_digits(day_of_year(time), 3, out);
            break;
        case 'w':
            append_digits(weekday(time) + 1, 1, out);
            break;
        case 'u':
            append_digits(iso_week(time).weekday, 1, out);
            break;
        case 'U':
            append_digits(week_of_year(time), 2, out);
            break;
        case 'V':
            append_digits(iso_week(time).week, 2, out);
            break;
        case 'G':
            return append_year(iso_week(time).year, out);
        case 'z':
            out += offset_text(offset_s);
            break;
        case 'Z':
            out += fmt::format("{:+}", offset_s / 60);
            break;
        default:
            out.push_back(specifier);
    }
    return {};
}

}  // namespace

Status check_date_format(std::string_view format, FormatUse use) {
    const std::string_view known = use == FormatUse::Write ? kWriteSpecifiers : kReadSpecifiers;
    for (std::size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%') {
            continue;
        }
        ++at;
        if (at == format.size()) {
            return fail(ErrorCode{18535}, "Unmatched '%' at end of format string");
        }
        if (known.find(format[at]) == std::string_view::npos) {
            return fail(ErrorCode{18536},
                        fmt::format("Invalid format character '%{}' in format string", format[at]));
        }
    }
    return {};
}

Result<std::string> format_date(bson::Date date, const TimeZone& zone, std::string_view format) {
    const std::int64_t offset_s = zone.offset_at(date.ms);
    const CivilTime time = civil_from_ms(date.ms + offset_s * 1000);
    std::string out;
    for (std::size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%') {
            out.push_back(format[at]);
            continue;
        }
        ++at;
        PLUMB_CHECK(append_piece(format[at], time, offset_s, out));
    }
    return out;
}

Result<std::string> iso_date_text(bson::Date date) {
    return format_date(date, TimeZone::utc(), kIsoDateFormat);
}

std::string timestamp_text(bson::Timestamp timestamp) {
    constexpr std::array kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const CivilTime time = civil_from_ms(std::int64_t{timestamp.seconds} * 1000);
    return fmt::format("{} {:2} {:02}:{:02}:{:02}:{:x}",
                       kMonths[static_cast<std::size_t>(time.month - 1)],
                       time.day,
                       time.hour,
                       time.minute,
                       time.second,
                       timestamp.increment);
}

}  // namespace plumb::query
