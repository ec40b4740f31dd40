// SPDX-License-Identifier: GPL-3.0-or-later
// Text as dates: "2026-01-27", "2026-01-27T10:11:12.5+05:30", "27 Jan 2026 10:11 am", or by a
// format.
//
// Source   MongoDB manual, "$dateFromString"; tests/conformance/expression.jsonl (date-format)
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/value.h"
#include "engine/query/time_zone.h"

#include <optional>
#include <string_view>

namespace plumb::query {

// `zone` is what a text without one of its own is read in; null for UTC.
//   errors  ConversionFailure (241) for a text that is no date, an incomplete one, a day that is in
//           no calendar, or one that names a zone beside `zone`
[[nodiscard]] Result<bson::Date> parse_date(std::string_view text, const TimeZone* zone);

// The same by a format. requires a format checked for FormatUse::Read
[[nodiscard]] Result<bson::Date> parse_date_by(std::string_view text,
                                               std::string_view format,
                                               const TimeZone* zone);

}  // namespace plumb::query
