// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of names in constant tables, which are written as one text with blanks between them.
//
//   words_of("dbAdmin readWrite")   // {"dbAdmin", "readWrite"}
//
// Threads  pure function.
#pragma once

#include <string_view>
#include <vector>

namespace plumb::commands {

[[nodiscard]] inline std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t blank = text.find(' ');
        out.push_back(text.substr(0, blank));
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    }
    return out;
}

}  // namespace plumb::commands
