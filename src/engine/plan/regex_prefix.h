// SPDX-License-Identifier: GPL-3.0-or-later
// What text a regular expression demands at the start of a string: /^abc/ demands "abc".
//
//   RegexPrefix prefix = regex_prefix("^ab+c", "");   // text "ab", exact false
//
// Threads  pure functions.
#pragma once

#include <string>
#include <string_view>

namespace plumb::plan {

struct RegexPrefix {
    std::string text;    // empty: any string may match
    bool exact = false;  // every string that begins with `text` matches
};

[[nodiscard]] RegexPrefix regex_prefix(std::string_view pattern, std::string_view options);

}  // namespace plumb::plan
