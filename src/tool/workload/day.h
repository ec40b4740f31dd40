// SPDX-License-Identifier: GPL-3.0-or-later
// Days as text, for parameters that are relative to the workload's today.
//
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::workload {

// True for a day of the calendar written YYYY-MM-DD.
[[nodiscard]] bool is_day(std::string_view text);

// Days from 1970-01-01 to this one; nothing if the text is no day.
[[nodiscard]] std::optional<std::int64_t> day_number(std::string_view text);

// The day `days` after this one. requires is_day(day)
[[nodiscard]] std::string day_after(std::string_view day, std::int32_t days);

// First and last day and `YYYY-MM` of a month.
struct MonthText {
    std::string first;
    std::string last;
    std::string text;
};
// The month `months` after that of `day`. requires is_day(day)
[[nodiscard]] MonthText month_after(std::string_view day, std::int32_t months);

// The day it is at this time, in UTC.
[[nodiscard]] std::string day_of_ms(std::int64_t ms_since_epoch);

}  // namespace plumb::workload
