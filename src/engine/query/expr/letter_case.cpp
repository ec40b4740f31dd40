// SPDX-License-Identifier: GPL-3.0-or-later
// $toLower, $toUpper, $strcasecmp: of ASCII letters only, as in MongoDB.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"

#include <algorithm>

namespace plumb::query {

using bson::ValueView;

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

Result<ValueView> map_letters(const Call& call, char (*convert)(char)) {
    PLUMB_TRY(value, call.argument(0));
    PLUMB_TRY(text, as_text(call, value));
    char* at = call.arena().allocate(text.size());
    std::transform(text.begin(), text.end(), at, convert);
    return make_string(call.arena(), {at, text.size()});
}

}  // namespace

Result<ValueView> run_to_lower(const Call& call) {
    return map_letters(call, lower);
}

Result<ValueView> run_to_upper(const Call& call) {
    return map_letters(call, upper);
}

Result<ValueView> run_strcasecmp(const Call& call) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    PLUMB_TRY(a, as_text(call, left));
    PLUMB_TRY(b, as_text(call, right));
    const auto less = [](char x, char y) {
        return static_cast<unsigned char>(upper(x)) < static_cast<unsigned char>(upper(y));
    };
    if (std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less)) {
        return make_int32(call.arena(), -1);
    }
    const bool more = std::lexicographical_compare(b.begin(), b.end(), a.begin(), a.end(), less);
    return make_int32(call.arena(), more ? 1 : 0);
}

}  // namespace plumb::query
