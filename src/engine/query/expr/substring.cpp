// SPDX-License-Identifier: GPL-3.0-or-later
// $substr, $substrBytes, $substrCP, $strLenBytes, $strLenCP.
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<ValueView> run_substr_bytes(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    PLUMB_TRY(start, call.argument(1));
    PLUMB_TRY(length, call.argument(2));
    PLUMB_TRY(text, as_text(call, value));
    if (!start.is_number()) {
        return wrong_type(call, 16034, start);
    }
    if (!length.is_number()) {
        return wrong_type(call, 16035, length);
    }
    const std::int64_t from = bson::to_clamped_int64(start);
    if (from < 0) {
        return operator_error(call, 50752, "starting index must be non-negative");
    }
    if (static_cast<std::size_t>(from) >= text.size()) {
        return make_string(call.arena(), {});
    }
    // A negative length means the rest of the string.
    const std::int64_t wanted = bson::to_clamped_int64(length);
    const auto first = static_cast<std::size_t>(from);
    const std::size_t rest = text.size() - first;
    const std::size_t bytes = wanted < 0 ? rest : std::min(static_cast<std::size_t>(wanted), rest);
    if (is_continuation(text[first])) {
        return operator_error(call, 28656, "starting index is a UTF-8 continuation byte");
    }
    if (bytes < rest && is_continuation(text[first + bytes])) {
        return operator_error(call, 28657, "ending index is in the middle of a UTF-8 character");
    }
    return make_string(call.arena(), text.substr(first, bytes));
}

namespace {

struct IndexErrors {
    std::int32_t not_a_number;
    std::int32_t not_an_int32;
    std::int32_t negative;
};

Result<std::int64_t> read_index(const Call& call, ValueView value, const IndexErrors& errors) {
    if (!value.is_number()) {
        return wrong_type(call, errors.not_a_number, value);
    }
    const auto whole = bson::to_exact_int64(value);
    using Limits = std::numeric_limits<std::int32_t>;
    if (!whole || *whole > Limits::max() || *whole < Limits::min()) {
        return operator_error(call, errors.not_an_int32, "index is not a 32-bit integral value");
    }
    return *whole;
}

}  // namespace

Result<ValueView> run_substr_cp(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    PLUMB_TRY(start, call.argument(1));
    PLUMB_TRY(length, call.argument(2));
    PLUMB_TRY(text, as_text(call, value));
    PLUMB_TRY(from, read_index(call, start, {34450, 34451, 34455}));
    PLUMB_TRY(wanted, read_index(call, length, {34452, 34453, 34454}));
    if (from < 0) {
        return operator_error(call, 34455, "starting index must be a non-negative integer");
    }
    if (wanted < 0) {
        return operator_error(call, 34454, "length must be a non-negative integer");
    }
    std::size_t first = 0;
    for (std::int64_t skipped = 0; skipped < from && first < text.size(); ++skipped) {
        first += code_point_bytes(text, first);
    }
    std::size_t last = first;
    for (std::int64_t taken = 0; taken < wanted && last < text.size(); ++taken) {
        last += code_point_bytes(text, last);
    }
    return make_string(call.arena(), text.substr(first, last - first));
}

Result<ValueView> run_str_len_bytes(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    if (value.type() != Type::String) {
        return wrong_type(call, 34473, value);
    }
    return make_int32(call.arena(), static_cast<std::int32_t>(value.as_string().size()));
}

Result<ValueView> run_str_len_cp(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    if (value.type() != Type::String) {
        return wrong_type(call, 34471, value);
    }
    return make_int32(call.arena(), static_cast<std::int32_t>(code_point_count(value.as_string())));
}

}  // namespace plumb::query
