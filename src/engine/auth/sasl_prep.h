// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords in the one form in which they are compared, as SCRAM-SHA-256 wants them.
//
// ASCII needs no more than a look for control characters. Beyond it SASLprep means Unicode's
// normalization form KC; instead of its tables we know the ranges in which every character already
// is in that form by itself and beside any other of them, and refuse the rest by name. What is
// accepted is therefore exactly what every driver's own SASLprep sends.
//
// Source   RFC 4013, RFC 3454
// Threads  pure functions.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace plumb::auth {

// The prepared password: spaces of other kinds become U+0020, soft hyphens and the like vanish.
//   errors  BadValue (2) for control characters, broken UTF-8, and characters outside of the known
//           ranges, naming the first one's code point and position
[[nodiscard]] Result<std::string> sasl_prep(std::string_view password);

}  // namespace plumb::auth
