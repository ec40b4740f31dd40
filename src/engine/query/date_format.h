// SPDX-License-Identifier: GPL-3.0-or-later
// Dates as text, by a format such as "%Y-%m-%dT%H:%M:%S.%LZ".
//
// Source   MongoDB manual, "$dateToString", "Format Specifiers"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/value.h"
#include "engine/query/time_zone.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::query {

inline constexpr std::string_view kIsoDateFormat = "%Y-%m-%dT%H:%M:%S.%LZ";

// Where a format is used: the two know different specifiers.
enum class FormatUse : std::uint8_t { Write, Read };

// errors  18535 for a single % at the end, 18536 for an unknown specifier
[[nodiscard]] Status check_date_format(std::string_view format, FormatUse use);

// requires a checked format
//   errors  18537 for a year outside of 0 to 9999
[[nodiscard]] Result<std::string> format_date(bson::Date date,
                                              const TimeZone& zone,
                                              std::string_view format);

// "2026-01-27T13:45:30.123Z"; 18537 as above.
[[nodiscard]] Result<std::string> iso_date_text(bson::Date date);

// A timestamp as MongoDB turns one into text: "Jan 27 13:45:30:1".
[[nodiscard]] std::string timestamp_text(bson::Timestamp timestamp);

}  // namespace plumb::query
