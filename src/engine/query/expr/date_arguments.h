// SPDX-License-Identifier: GPL-3.0-or-later
// The `date` and `timezone` arguments that the date operators share.
//
// Threads  const functions may run at once.
#pragma once

#include "engine/query/expr/operator.h"
#include "engine/query/time_zone.h"

#include <optional>

namespace plumb::query {

// A date, timestamp or ObjectId as milliseconds since the epoch.
//   errors  16006 for anything else
[[nodiscard]] Result<std::int64_t> as_milliseconds(const Call& call, bson::ValueView value);

// The zones an operator was asked for: found once while parsing if constant.
struct PreparedZone final : Prepared {
    std::shared_ptr<const TimeZone> constant;
    TimeZoneCache others;
};

// Finds a constant zone in argument `index`. errors: 40485, 40533
[[nodiscard]] Status prepare_zone(OperatorExpression& expression, std::size_t index);

// The zone in argument `index`; nothing if the argument is there and nullish, null for UTC if it is
// not there. errors: 40485 for an unknown zone, 40533 for one that is no string
[[nodiscard]] Result<std::optional<const TimeZone*>> zone_argument(const Call& call,
                                                                   std::size_t index);

}  // namespace plumb::query
