// SPDX-License-Identifier: GPL-3.0-or-later
// The value that was probably meant: "delivered" for "DELIVERED", 5 for "5".
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"
#include "tool/advise/finding/finding_internal.h"

#include <string_view>
#include <vector>

namespace plumb::advise {

// One of `values` that is `wanted` but for case and blanks, for its type (text or number), or for a
// letter or two; null if none is close.
[[nodiscard]] const FieldValue* near_match(bson::ValueView wanted,
                                           const std::vector<FieldValue>& values);

// Letters to insert, delete or replace to make one of the other, in bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace plumb::advise
