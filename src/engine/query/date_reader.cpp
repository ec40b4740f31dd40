// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/date_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"january",
                                                   "february",
                                                   "march",
                                                   "april",
                                                   "may",
                                                   "june",
                                                   "july",
                                                   "august",
                                                   "september",
                                                   "october",
                                                   "november",
                                                   "december"};
constexpr std::array<std::string_view, 7> kWeekdays{
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

// True if `word` is the name, or its first three letters.
bool is_name(std::string_view word, std::string_view name) {
    if (word.size() != name.size() && word.size() != 3) {
        return false;
    }
    return std::equal(
        word.begin(), word.end(), name.begin(), [](char a, char b) { return lower(a) == b; });
}

}  // namespace

Error no_date(std::string_view text, std::string_view why) {
    return fail(ErrorCode::ConversionFailure,
                fmt::format("Error parsing date string '{}': {}", text, why));
}

std::optional<int> month_of(std::string_view word) {
    for (std::size_t month = 0; month < kMonths.size(); ++month) {
        if (is_name(word, kMonths[month])) {
            return static_cast<int>(month) + 1;
        }
    }
    return std::nullopt;
}

bool is_weekday(std::string_view word) {
    return std::any_of(kWeekdays.begin(), kWeekdays.end(), [&](std::string_view name) {
        return is_name(word, name);
    });
}

Result<bson::Date> DateFields::finish(std::string_view text, const TimeZone* outer) const {
    const bool has_zone = offset_s.has_value() || zone != nullptr;
    if (has_zone && outer != nullptr) {
        return no_date(text, "it has a time zone, and 'timezone' gives one as well");
    }
    CivilTime wall = time;
    if (week) {
        const CivilTime day = civil_from_ms(days_from_iso_week(*week) * kMillisecondsPerDay);
        wall.year = day.year;
        wall.month = day.month;
        wall.day = day.day;
    } else if (!has_year || !has_month || !has_day) {
        return no_date(text, "an incomplete date/time string has been found");
    } else if (wall.month < 1 || wall.month > 12 || wall.day < 1 ||
               wall.day > days_in_month(wall.year, wall.month)) {
        return no_date(text, "the parsed date was invalid");
    }
    if (wall.hour > 24 || wall.minute > 59 || wall.second > 59) {
        return no_date(text, "the parsed time was invalid");
    }
    const std::int64_t wall_ms = ms_from_civil(wall);
    if (offset_s) {
        return bson::Date{wall_ms - *offset_s * 1000};
    }
    const TimeZone* read_in = zone != nullptr ? zone.get() : outer;
    return bson::Date{read_in != nullptr ? read_in->to_utc(wall_ms) : wall_ms};
}

std::size_t TextCursor::digits_ahead() const {
    const auto end = std::find_if_not(text_.begin(), text_.end(), is_digit);
    return static_cast<std::size_t>(end - text_.begin());
}

bool TextCursor::skip(char wanted) {
    if (text_.empty() || text_.front() != wanted) {
        return false;
    }
    text_.remove_prefix(1);
    return true;
}

bool TextCursor::skip_any(std::string_view wanted) {
    if (text_.empty() || wanted.find(text_.front()) == std::string_view::npos) {
        return false;
    }
    text_.remove_prefix(1);
    return true;
}

bool TextCursor::skip_word(std::string_view wanted) {
    const std::string_view before = text_;
    const std::string_view found = word();
    const bool same =
        std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(), [](char a, char b) {
            return lower(a) == b;
        });
    if (!same) {
        text_ = before;
    }
    return same;
}

void TextCursor::skip_spaces() {
    while (skip_any(" \t")) {
    }
}

std::string_view TextCursor::word() {
    const auto end = std::find_if_not(text_.begin(), text_.end(), is_letter);
    const auto letters = static_cast<std::size_t>(end - text_.begin());
    const std::string_view out = text_.substr(0, letters);
    text_.remove_prefix(letters);
    return out;
}

std::optional<int> TextCursor::number(std::size_t least, std::size_t most) {
    const std::size_t digits = std::min(digits_ahead(), most);
    if (digits < least || digits == 0) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : text_.substr(0, digits)) {
        value = value * 10 + (c - '0');
    }
    text_.remove_prefix(digits);
    return value;
}

std::optional<int> TextCursor::fraction() {
    const std::size_t digits = digits_ahead();
    if (digits == 0) {
        return std::nullopt;
    }
    int ms = 0;
    int unit = 100;
    for (const char c : text_.substr(0, digits)) {
        ms += (c - '0') * unit;
        unit /= 10;
    }
    text_.remove_prefix(digits);
    return ms;
}

std::optional<std::int64_t> TextCursor::offset() {
    const std::string_view before = text_;
    const bool negative = peek() == '-';
    if (!skip_any("+-")) {
        return std::nullopt;
    }
    const auto hours = number(1, 2);
    if (!hours) {
        text_ = before;
        return std::nullopt;
    }
    (void)skip(':');
    const int minutes = number(2, 2).value_or(0);
    const std::int64_t seconds = std::int64_t{*hours} * 3600 + std::int64_t{minutes} * 60;
    return negative ? -seconds : seconds;
}

}  // namespace plumb::query
