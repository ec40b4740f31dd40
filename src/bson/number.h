// SPDX-License-Identifier: GPL-3.0-or-later
// Reading numbers of any of the four types as the one that is needed.
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"

#include <cstdint>
#include <optional>

namespace plumb::bson {

// As a double, rounded if need be. requires a number
[[nodiscard]] double to_double(ValueView number);

// As a decimal: doubles with 15 digits, as MongoDB's arithmetic has it. requires a number
[[nodiscard]] Decimal128 to_decimal(ValueView number);

// The integer this number is; nothing if it has a fraction, is not finite, or does not fit.
[[nodiscard]] std::optional<std::int64_t> to_exact_int64(ValueView number);

// The number cut towards zero and clamped to 64 bits, NaN as 0. requires a number
[[nodiscard]] std::int64_t to_clamped_int64(ValueView number);

// True for MongoDB's idea of truth: all but false, null, undefined, missing and zero of any type.
[[nodiscard]] bool truthy(ValueView value);

}  // namespace plumb::bson
