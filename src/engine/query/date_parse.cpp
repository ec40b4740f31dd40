// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/date_parse.h"

#include "engine/query/date_reader.h"

namespace plumb::query {

namespace {

void set_day(DateFields& out, std::optional<int> year, int month, int day) {
    out.time.month = month;
    out.time.day = day;
    out.has_month = true;
    out.has_day = true;
    if (year) {
        out.time.year = *year;
        out.has_year = true;
    }
}

// "W05", "W05-2" behind the year.
bool read_week(TextCursor& cursor, DateFields& out, int year) {
    const auto week = cursor.number(2, 2);
    if (!week) {
        return false;
    }
    (void)cursor.skip('-');
    out.week = IsoWeek{year, *week, cursor.number(1, 1).value_or(1)};
    return *week >= 1 && *week <= 53;
}

// Begins with four digits: 2026-01-27, 2026/01/27, 2026-W05-2, 2026-01.
bool read_year_first(TextCursor& cursor, DateFields& out) {
    const auto year = cursor.number(4, 4);
    const char between = cursor.peek();
    if (!year || !cursor.skip_any("-/.")) {
        return year && cursor.skip('W') && read_week(cursor, out, *year);
    }
    if (cursor.skip('W')) {
        return read_week(cursor, out, *year);
    }
    if (cursor.digits_ahead() == 3) {
        // A day of the year: it carries from January.
        const CivilTime new_year{*year, 1, *cursor.number(3, 3)};
        const CivilTime day = civil_from_ms(ms_from_civil(new_year));
        set_day(out, *year, day.month, day.day);
        return day.year == *year;
    }
    const auto month = cursor.number(1, 2);
    if (!month) {
        return false;
    }
    if (!cursor.skip(between)) {
        set_day(out, *year, *month, 1);
        return true;
    }
    const auto day = cursor.number(1, 2);
    if (!day) {
        return false;
    }
    set_day(out, *year, *month, *day);
    return true;
}

// 20260127
bool read_compact(TextCursor& cursor, DateFields& out) {
    const int year = *cursor.number(4, 4);
    const int month = *cursor.number(2, 2);
    const int day = *cursor.number(2, 2);
    set_day(out, year, month, day);
    return true;
}

// Begins with one or two digits: 1/27/2026, 27-01-2026, 27.01.2026, 27 January 2026.
bool read_small_first(TextCursor& cursor, DateFields& out) {
    const auto first = cursor.number(1, 2);
    if (!first) {
        return false;
    }
    const bool american = cursor.peek() == '/';
    const bool separated = cursor.skip_any("/-.");
    if (!separated) {
        (void)(cursor.skip_word("st") || cursor.skip_word("nd") || cursor.skip_word("rd") ||
               cursor.skip_word("th"));
        cursor.skip_spaces();
    }
    if (const auto month = month_of(TextCursor{cursor.rest()}.word())) {
        (void)cursor.word();
        while (cursor.skip_any(" \t-.,/")) {
        }
        set_day(out, cursor.number(4, 4), *month, *first);
        return true;
    }
    const auto second = separated ? cursor.number(1, 2) : std::nullopt;
    if (!second || !cursor.skip_any("/-.")) {
        return false;
    }
    const auto year = cursor.number(4, 4);
    if (!year) {
        return false;
    }
    american ? set_day(out, year, *first, *second) : set_day(out, year, *second, *first);
    return true;
}

// January 27, 2026
bool read_month_first(TextCursor& cursor, DateFields& out) {
    const auto month = month_of(cursor.word());
    if (!month) {
        return false;
    }
    while (cursor.skip_any(" \t-./")) {
    }
    const auto day = cursor.number(1, 2);
    if (!day) {
        return false;
    }
    (void)(cursor.skip_word("st") || cursor.skip_word("nd") || cursor.skip_word("rd") ||
           cursor.skip_word("th"));
    while (cursor.skip_any(" \t-./,")) {
    }
    const std::string_view before = cursor.rest();
    auto year = cursor.number(4, 4);
    if (year && cursor.peek() == ':') {
        cursor.restore(before);
        year.reset();
    }
    set_day(out, year, *month, *day);
    return true;
}

bool read_day(TextCursor& cursor, DateFields& out) {
    const std::size_t digits = cursor.digits_ahead();
    if (digits == 8) {
        return read_compact(cursor, out);
    }
    if (digits == 4) {
        return read_year_first(cursor, out);
    }
    return digits > 0 ? read_small_first(cursor, out) : read_month_first(cursor, out);
}

// 10:11, 10:11:12.345, 10 am, 101112
bool read_time(TextCursor& cursor, DateFields& out) {
    const std::size_t digits = cursor.digits_ahead();
    const bool compact = digits == 4 || digits == 6;
    const auto hour = cursor.number(1, 2);
    if (!hour) {
        return false;
    }
    out.has_time = true;
    out.time.hour = *hour;
    const bool has_minutes = compact || cursor.skip(':');
    if (has_minutes) {
        const auto minute = cursor.number(1, 2);
        if (!minute) {
            return false;
        }
        out.time.minute = *minute;
        if (compact ? digits == 6 : cursor.skip(':')) {
            const auto second = cursor.number(1, 2);
            if (!second) {
                return false;
            }
            out.time.second = *second;
            if (cursor.skip_any(".,")) {
                out.time.millisecond = cursor.fraction().value_or(0);
            }
        }
    }
    cursor.skip_spaces();
    const bool morning = cursor.skip_word("am");
    const bool evening = !morning && cursor.skip_word("pm");
    if (morning || evening) {
        out.time.hour = out.time.hour % 12 + (evening ? 12 : 0);
        return *hour >= 1 && *hour <= 12;
    }
    return has_minutes;
}

// Z, UTC, +05:30, Asia/Kolkata
bool read_zone(TextCursor& cursor, DateFields& out) {
    if (const auto offset = cursor.offset()) {
        out.offset_s = offset;
        return true;
    }
    if (cursor.skip_word("z") || cursor.skip_word("utc") || cursor.skip_word("gmt")) {
        out.offset_s = cursor.offset().value_or(0);
        return true;
    }
    const std::string_view name = cursor.rest().substr(0, cursor.rest().find(' '));
    auto zone = TimeZone::find(name);
    if (name.empty() || !zone.ok()) {
        return false;
    }
    out.zone = std::move(*zone);
    cursor.restore(cursor.rest().substr(name.size()));
    return true;
}

bool read_date(TextCursor& cursor, DateFields& out) {
    cursor.skip_spaces();
    if (is_weekday(TextCursor{cursor.rest()}.word())) {
        (void)cursor.word();
        while (cursor.skip_any(" \t,.")) {
        }
    }
    if (!read_day(cursor, out)) {
        return false;
    }
    const bool marked = cursor.skip_any("Tt");
    while (!marked && cursor.skip_any(" \t,")) {
    }
    if (cursor.digits_ahead() > 0 && !read_time(cursor, out)) {
        return false;
    }
    cursor.skip_spaces();
    if (!cursor.at_end() && !read_zone(cursor, out)) {
        return false;
    }
    cursor.skip_spaces();
    return cursor.at_end();
}

}  // namespace

Result<bson::Date> parse_date(std::string_view text, const TimeZone* zone) {
    TextCursor cursor{text};
    DateFields fields;
    if (!read_date(cursor, fields)) {
        return no_date(text, "unexpected character or an incomplete date/time string");
    }
    return fields.finish(text, zone);
}

namespace {

template <class T>
bool take(std::optional<int> number, T& out) {
    if (number) {
        out = static_cast<T>(*number);
    }
    return number.has_value();
}

IsoWeek& week_of(DateFields& out) {
    if (!out.week) {
        out.week = IsoWeek{0, 0, 0};
    }
    return *out.week;
}

// What one specifier stands for; false if the text does not have it.
bool read_specifier(char specifier, TextCursor& cursor, DateFields& out) {
    switch (specifier) {
        case 'Y':
            out.has_year = true;
            return take(cursor.number(4, 4), out.time.year);
        case 'm':
            out.has_month = true;
            return take(cursor.number(1, 2), out.time.month);
        case 'd':
            out.has_day = true;
            return take(cursor.number(1, 2), out.time.day);
        case 'H':
            return take(cursor.number(1, 2), out.time.hour);
        case 'M':
            return take(cursor.number(1, 2), out.time.minute);
        case 'S':
            return take(cursor.number(1, 2), out.time.second);
        case 'L':
            return take(cursor.number(1, 3), out.time.millisecond);
        case 'G':
            return take(cursor.number(4, 4), week_of(out).year);
        case 'V':
            return take(cursor.number(1, 2), week_of(out).week);
        case 'u':
            return take(cursor.number(1, 1), week_of(out).weekday);
        case 'z':
            return read_zone(cursor, out);
        case 'Z': {
            const bool negative = cursor.peek() == '-';
            const auto minutes = cursor.skip_any("+-") ? cursor.number(1, 4) : std::nullopt;
            out.offset_s = (negative ? -60 : 60) * std::int64_t{minutes.value_or(0)};
            return minutes.has_value();
        }
        default:
            return cursor.skip(specifier);
    }
}

}  // namespace

Result<bson::Date> parse_date_by(std::string_view text,
                                 std::string_view format,
                                 const TimeZone* zone) {
    TextCursor cursor{text};
    DateFields fields;
    for (std::size_t at = 0; at < format.size(); ++at) {
        const bool specifier = format[at] == '%';
        at += specifier ? 1 : 0;
        const bool found =
            specifier ? read_specifier(format[at], cursor, fields) : cursor.skip(format[at]);
        if (!found) {
            return no_date(text, "it does not match the format");
        }
    }
    if (!cursor.at_end()) {
        return no_date(text, "trailing data");
    }
    if (fields.week) {
        const IsoWeek& week = *fields.week;
        if (fields.has_year || fields.has_month || fields.has_day) {
            return no_date(text, "an ISO week cannot be mixed with a calendar date");
        }
        if (week.week < 1 || week.week > 53 || week.weekday < 1 || week.weekday > 7) {
            return no_date(text, "an incomplete date/time string has been found");
        }
    }
    return fields.finish(text, zone);
}

}  // namespace plumb::query
