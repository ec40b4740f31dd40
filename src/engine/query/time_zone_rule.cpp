// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/time_zone_rule.h"

#include "engine/query/date_calendar.h"

namespace plumb::query {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

// Reads the text from the left; every function leaves it untouched when it returns nothing.
class RuleReader {
  public:
    explicit RuleReader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool at_end() const { return text_.empty(); }

    bool skip(char wanted) {
        if (text_.empty() || text_.front() != wanted) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }

    // "CET" or "<+0330>".
    bool skip_name() {
        if (skip('<')) {
            const std::size_t end = text_.find('>');
            if (end == std::string_view::npos) {
                return false;
            }
            text_.remove_prefix(end + 1);
            return true;
        }
        std::size_t letters = 0;
        while (letters < text_.size() && is_letter(text_[letters])) {
            ++letters;
        }
        text_.remove_prefix(letters);
        return letters >= 3;
    }

    std::optional<std::int64_t> number() {
        std::size_t digits = 0;
        std::int64_t value = 0;
        while (digits < text_.size() && digits < 4 && text_[digits] >= '0' &&
               text_[digits] <= '9') {
            value = value * 10 + (text_[digits] - '0');
            ++digits;
        }
        text_.remove_prefix(digits);
        return digits > 0 ? std::optional{value} : std::nullopt;
    }

    // [+-]hh[:mm[:ss]] in seconds.
    std::optional<std::int64_t> time() {
        const bool negative = skip('-');
        if (!negative) {
            skip('+');
        }
        const auto hours = number();
        if (!hours) {
            return std::nullopt;
        }
        std::int64_t seconds = *hours * 3600;
        for (std::int64_t unit = 60; unit > 0 && skip(':'); unit /= 60) {
            seconds += number().value_or(0) * unit;
        }
        return negative ? -seconds : seconds;
    }

    // "M3.5.0/2", "J60", "59".
    std::optional<ZoneChange> change() {
        ZoneChange out;
        if (skip('M')) {
            const auto month = number();
            const bool dots = skip('.');
            const auto week = number();
            if (!month || !dots || !week || !skip('.')) {
                return std::nullopt;
            }
            out.month = static_cast<int>(*month);
            out.week = static_cast<int>(*week);
            if (out.month < 1 || out.month > 12 || out.week < 1 || out.week > 5) {
                return std::nullopt;
            }
        } else {
            out.kind = skip('J') ? ZoneChange::Kind::JulianDay : ZoneChange::Kind::DayOfYear;
        }
        const auto day = number();
        if (!day) {
            return std::nullopt;
        }
        out.day = static_cast<int>(*day);
        if (skip('/')) {
            const auto seconds = time();
            if (!seconds) {
                return std::nullopt;
            }
            out.seconds = *seconds;
        }
        return out;
    }

  private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    std::string_view text_;
};

std::int64_t day_of_change(const ZoneChange& change, std::int64_t year) {
    const std::int64_t new_year = days_from_civil(year, 1, 1);
    if (change.kind == ZoneChange::Kind::DayOfYear) {
        return new_year + change.day;
    }
    if (change.kind == ZoneChange::Kind::JulianDay) {
        // 29 February is never counted: day 60 is 1 March in any year.
        const bool leap = days_in_month(year, 2) == 29;
        return new_year + change.day - 1 + (leap && change.day >= 60 ? 1 : 0);
    }
    CivilTime first;
    first.year = year;
    first.month = change.month;
    const int to_first = (change.day - weekday(first) + 7) % 7;
    int day = 1 + to_first + (change.week - 1) * 7;
    while (day > days_in_month(year, change.month)) {
        day -= 7;  // week 5 means the last one
    }
    return days_from_civil(year, change.month, day);
}

}  // namespace

std::int64_t ZoneRule::offset_at(std::int64_t seconds) const {
    if (!has_summer) {
        return standard_offset;
    }
    const std::int64_t year = civil_from_ms((seconds + standard_offset) * 1000).year;
    const std::int64_t begins = day_of_change(summer_begins, year) * kSecondsPerDay +
                                summer_begins.seconds - standard_offset;
    const std::int64_t ends =
        day_of_change(summer_ends, year) * kSecondsPerDay + summer_ends.seconds - summer_offset;
    const bool summer =
        begins < ends ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends;
    return summer ? summer_offset : standard_offset;
}

std::optional<ZoneRule> parse_zone_rule(std::string_view text) {
    RuleReader reader{text};
    ZoneRule out;
    if (!reader.skip_name()) {
        return std::nullopt;
    }
    const auto standard = reader.time();
    if (!standard) {
        return std::nullopt;
    }
    out.standard_offset = -*standard;  // POSIX counts to the west
    if (reader.at_end()) {
        return out;
    }
    if (!reader.skip_name()) {
        return std::nullopt;
    }
    out.has_summer = true;
    const auto summer = reader.time();
    out.summer_offset = summer ? -*summer : out.standard_offset + 3600;
    if (!reader.skip(',')) {
        return std::nullopt;
    }
    const auto begins = reader.change();
    if (!begins || !reader.skip(',')) {
        return std::nullopt;
    }
    const auto ends = reader.change();
    if (!ends || !reader.at_end()) {
        return std::nullopt;
    }
    out.summer_begins = *begins;
    out.summer_ends = *ends;
    return out;
}

}  // namespace plumb::query
