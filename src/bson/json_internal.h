// SPDX-License-Identifier: GPL-3.0-or-later
// What the two files that read JSON share.
#pragma once

#include <string_view>

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

namespace plumb::bson::json {

// Turns {"$oid": …}, {"$date": …} … into the value they stand for.
using Convert = Status (*)(View wrapper, std::string_view name, Builder& out);

// How a document whose first field has this name is converted; null if it is an ordinary one.
// The error of a conversion is FailedToParse without a place.
[[nodiscard]] Convert find_conversion(std::string_view first_name);

}  // namespace plumb::bson::json
