// SPDX-License-Identifier: GPL-3.0-or-later
// Literals of Python and JavaScript as BSON. What is computed when the program runs (a variable, a
// call) is the constant "?": a shape has no constants anyway.
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"
#include "tool/capture/source_tokens_internal.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace plumb::capture {

// The value of a variable that was assigned a literal; Missing if it is not known.
using Lookup = std::function<bson::Value(std::string_view name)>;

// The expression that begins at tokens[at]; moves `at` to the token behind it (a comma, a closing
// bracket, a newline).
[[nodiscard]] bson::Value read_literal(std::span<const Token> tokens,
                                       std::size_t& at,
                                       const Lookup& lookup);

// Past the expression at tokens[at]: to the comma, closing bracket, newline or `;` that ends it.
void skip_expression(std::span<const Token> tokens, std::size_t& at);

[[nodiscard]] inline bool is_sign(const Token& token, std::string_view text) {
    return token.kind == Token::Kind::Sign && token.text == text;
}

}  // namespace plumb::capture
