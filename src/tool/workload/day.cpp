// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/workload/day.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace plumb::workload {
namespace {

using std::chrono::year_month_day;

// The number of these digits; -1 if one is none.
int digits(std::string_view text) {
    int number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return -1;
        }
        number = number * 10 + (digit - '0');
    }
    return number;
}

std::optional<year_month_day> parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const int year = digits(text.substr(0, 4));
    const int month = digits(text.substr(5, 2));
    const int day = digits(text.substr(8, 2));
    if (year < 0 || month < 0 || day < 0) {
        return std::nullopt;
    }
    const year_month_day date{std::chrono::year{year},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    return date.ok() ? std::optional{date} : std::nullopt;
}

std::string write(year_month_day date) {
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace

bool is_day(std::string_view text) {
    return parse(text).has_value();
}

std::optional<std::int64_t> day_number(std::string_view text) {
    const auto date = parse(text);
    return date ? std::optional<std::int64_t>{std::chrono::sys_days{*date}
                                                  .time_since_epoch()
                                                  .count()}
                : std::nullopt;
}

std::string day_after(std::string_view day, std::int32_t days) {
    return write(std::chrono::sys_days{*parse(day)} + std::chrono::days{days});
}

MonthText month_after(std::string_view day, std::int32_t months) {
    const year_month_day date = *parse(day);
    const auto month =
        std::chrono::year_month{date.year(), date.month()} + std::chrono::months{months};
    MonthText out;
    out.first = write(month / std::chrono::day{1});
    out.last = write(year_month_day{month / std::chrono::last});
    out.text = out.first.substr(0, 7);
    return out;
}

std::string day_of_ms(std::int64_t ms_since_epoch) {
    return write(
        std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::milliseconds>{
            std::chrono::milliseconds{ms_since_epoch}}));
}

}  // namespace plumb::workload
