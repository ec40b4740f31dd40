// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 and text of values, as the string operators need them.
//
// Threads  pure functions.
#pragma once

#include "engine/query/expr/operator.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::query {

// True for the second and later bytes of a code point.
[[nodiscard]] constexpr bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Bytes of the code point that begins at `at`, at least 1, never past the end.
[[nodiscard]] std::size_t code_point_bytes(std::string_view text, std::size_t at);

// Number of code points.
[[nodiscard]] std::int64_t code_point_count(std::string_view text);

// A value as text, where MongoDB reads one from a number, a date or nothing: null is "".
//   errors  16007 for a type that has no text
[[nodiscard]] Result<std::string_view> as_text(const Call& call, bson::ValueView value);

// A double as MongoDB 4.2 writes it: 16 digits, "1e+20", "NaN", "Infinity".
[[nodiscard]] std::string double_text(double number);

}  // namespace plumb::query
