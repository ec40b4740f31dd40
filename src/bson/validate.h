// SPDX-License-Identifier: GPL-3.0-or-later
// Checks bytes from outside before anybody walks them.
//
// Threads  pure functions.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "bson/document.h"

#include <string_view>

namespace plumb::bson {

// The document at the start of `bytes`, checked: lengths, types, ends, strings' terminators and
// UTF-8-free names, depth. May be followed by other bytes.
//   errors  InvalidBson (22), naming the offset; Overflow (15) for more than `nesting_max` levels
[[nodiscard]] Result<View> validate(std::string_view bytes, int nesting_max = kNestingParseMax);

// True if `text` is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace plumb::bson
