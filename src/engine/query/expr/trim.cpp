// SPDX-License-Identifier: GPL-3.0-or-later
// $trim, $ltrim, $rtrim.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"

#include <array>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// What is trimmed when no characters are given, one after the other.
// Source: MongoDB manual, "$trim", "Whitespace Characters".
constexpr std::string_view kWhitespace{
    "\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
    7 + 2 + 3 + 11 * 3};

// True if `set` has the code point `point`. A code point is never part of another in UTF-8.
bool contains(std::string_view set, std::string_view point) {
    return set.find(point) != std::string_view::npos;
}

std::string_view trim_left(std::string_view text, std::string_view set) {
    while (!text.empty()) {
        const std::size_t bytes = code_point_bytes(text, 0);
        if (!contains(set, text.substr(0, bytes))) {
            break;
        }
        text.remove_prefix(bytes);
    }
    return text;
}

std::string_view trim_right(std::string_view text, std::string_view set) {
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && is_continuation(text[start])) {
            --start;
        }
        if (!contains(set, text.substr(start))) {
            break;
        }
        text.remove_suffix(text.size() - start);
    }
    return text;
}

enum class Side : std::uint8_t { Left, Right, Both };

Result<ValueView> trim(const Call& call, Side side) {
    PLUMB_TRY(input, call.argument(0));
    if (input.nullish()) {
        return make_null();
    }
    if (input.type() != Type::String) {
        return wrong_type(call, 50699, input);
    }
    std::string_view set = kWhitespace;
    if (call.has(1)) {
        PLUMB_TRY(characters, call.argument(1));
        if (characters.nullish()) {
            return make_null();
        }
        if (characters.type() != Type::String) {
            return wrong_type(call, 50700, characters);
        }
        set = characters.as_string();
    }
    std::string_view text = input.as_string();
    if (side != Side::Right) {
        text = trim_left(text, set);
    }
    if (side != Side::Left) {
        text = trim_right(text, set);
    }
    return make_string(call.arena(), text);
}

}  // namespace

Result<ValueView> run_trim(const Call& call) {
    return trim(call, Side::Both);
}

Result<ValueView> run_ltrim(const Call& call) {
    return trim(call, Side::Left);
}

Result<ValueView> run_rtrim(const Call& call) {
    return trim(call, Side::Right);
}

}  // namespace plumb::query
