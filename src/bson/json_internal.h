// SPDX-License-Identifier: GPL-3.0-or-later
// What the files that read JSON share.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::bson::json {

// Turns {"$oid": …}, {"$date": …} … into the value they stand for.
using Convert = Status (*)(View wrapper, std::string_view name, Builder& out);

// How a document whose first field has this name is converted; null if it is an ordinary one.
// The error of a conversion is FailedToParse without a place.
[[nodiscard]] Convert find_conversion(std::string_view first_name);

// "2021-03-04T05:06:07.008Z", also with "+05:30" for the zone, as milliseconds since the epoch.
[[nodiscard]] std::optional<std::int64_t> parse_iso_date(std::string_view text);

}  // namespace plumb::bson::json
