// SPDX-License-Identifier: GPL-3.0-or-later
// Python and JavaScript as tokens: enough of both languages to find calls and literals in them.
//
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

enum class Language : std::uint8_t { Python, JavaScript };

struct Token {
    enum class Kind : std::uint8_t {
        Name,  // identifiers and keywords
        Number,
        Text,      // a string without anything computed in it; `text` is unescaped
        Computed,  // an f-string or template with something in it, a regular expression's flags …
        Regex,     // JavaScript's /…/; `text` is the pattern
        Sign,      // one character, or `...`, `**`, `=>`, `?.`
        Newline,   // the end of a statement's line, at depth 0 of brackets (Python only)
        End,
    };
    Kind kind = Kind::End;
    std::string text;
    int line = 0;
};

// All tokens, comments left out, ended by one End. Never fails: what is no token is a Sign.
[[nodiscard]] std::vector<Token> tokenize(std::string_view source, Language language);

}  // namespace plumb::capture
