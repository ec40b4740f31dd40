// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/regex_prefix.h"

namespace plumb::plan {
namespace {

// Characters with a meaning of their own outside of brackets.
constexpr std::string_view kSpecial = "\\^$.|?*+()[]{}";

bool is_literal_escape(char after_backslash) {
    return kSpecial.find(after_backslash) != std::string_view::npos || after_backslash == '/' ||
           after_backslash == '-' || after_backslash == ' ' || after_backslash == '"' ||
           after_backslash == '\'' || after_backslash == '@' || after_backslash == ':' ||
           after_backslash == ',' || after_backslash == '_' || after_backslash == '#';
}

// Takes the anchor off; false if there is none that holds for the whole string.
bool take_anchor(std::string_view& pattern, std::string_view options) {
    if (pattern.starts_with("\\A")) {
        pattern.remove_prefix(2);
        return true;
    }
    if (pattern.starts_with('^') && options.find('m') == std::string_view::npos) {
        pattern.remove_prefix(1);
        return true;
    }
    return false;
}

}  // namespace

RegexPrefix regex_prefix(std::string_view pattern, std::string_view options) {
    RegexPrefix out;
    if (options.find_first_of("ix") != std::string_view::npos || !take_anchor(pattern, options) ||
        pattern.find('|') != std::string_view::npos) {
        return out;
    }
    while (!pattern.empty()) {
        const char next = pattern.front();
        if (next == '*' || next == '?' || next == '{') {
            // The character before may be absent.
            while (!out.text.empty() && (out.text.back() & 0xC0) == 0x80) {
                out.text.pop_back();
            }
            if (!out.text.empty()) {
                out.text.pop_back();
            }
            return out;
        }
        if (next == '.' && pattern == ".*" && options.find('s') != std::string_view::npos) {
            break;
        }
        if (next == '\\' && pattern.size() > 1 && is_literal_escape(pattern[1])) {
            out.text += pattern[1];
            pattern.remove_prefix(2);
            continue;
        }
        if (kSpecial.find(next) != std::string_view::npos) {
            return out;
        }
        out.text += next;
        pattern.remove_prefix(1);
    }
    out.exact = !out.text.empty();
    return out;
}

}  // namespace plumb::plan
