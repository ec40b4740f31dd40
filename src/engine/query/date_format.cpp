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

Result<std::string> piece(char specifier, const CivilTime& time, std::int64_t offset_s) {
    switch (specifier) {
        case 'Y':
            PLUMB_CHECK(check_year(time.year));
            return fmt::format("{:04}", time.year);
        case 'm':
            return fmt::format("{:02}", time.month);
        case 'd':
            return fmt::format("{:02}", time.day);
        case 'H':
            return fmt::format("{:02}", time.hour);
        case 'M':
            return fmt::format("{:02}", time.minute);
        case 'S':
            return fmt::format("{:02}", time.second);
        case 'L':
            return fmt::format("{:03}", time.millisecond);
        case 'j':
            return fmt::format("{:03}", day_of_year(time));
        case 'w':
            return fmt::format("{}", weekday(time) + 1);
        case 'u':
            return fmt::format("{}", iso_week(time).weekday);
        case 'U':
            return fmt::format("{:02}", week_of_year(time));
        case 'V':
            return fmt::format("{:02}", iso_week(time).week);
        case 'G':
            PLUMB_CHECK(check_year(iso_week(time).year));
            return fmt::format("{:04}", iso_week(time).year);
        case 'z':
            return offset_text(offset_s);
        case 'Z':
            return fmt::format("{:+}", offset_s / 60);
        default:
            return std::string{specifier};
    }
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
        PLUMB_TRY(text, piece(format[at], time, offset_s));
        out += text;
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
