// SPDX-License-Identifier: GPL-3.0-or-later
// The binary logarithm of a decimal, which is no quotient of two others in the last digit.
//
// Threads  pure function.
#pragma once

#include "bson/decimal.h"

namespace plumb::bson {

[[nodiscard]] Decimal128 decimal_log2(Decimal128 value);

}  // namespace plumb::bson
