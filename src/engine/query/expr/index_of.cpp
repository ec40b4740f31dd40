// SPDX-License-Identifier: GPL-3.0-or-later
// $indexOfBytes, $indexOfCP, $indexOfArray, $in.
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// The part of the input that is searched: [start, end).
struct Window {
    std::int64_t start = 0;
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

Result<std::int64_t> read_bound(const Call& call, std::size_t index) {
    PLUMB_TRY(value, call.argument(index));
    const auto whole = value.is_number() ? bson::to_exact_int64(value) : std::nullopt;
    using Limits = std::numeric_limits<std::int32_t>;
    if (!whole || *whole > Limits::max() || *whole < Limits::min()) {
        return operator_error(call, 40096, "requires an integral starting and ending index");
    }
    if (*whole < 0) {
        return operator_error(call, 40097, "requires a nonnegative starting and ending index");
    }
    return *whole;
}

Result<Window> read_window(const Call& call) {
    Window window;
    if (call.has(2)) {
        PLUMB_TRY(start, read_bound(call, 2));
        window.start = start;
    }
    if (call.has(3)) {
        PLUMB_TRY(end, read_bound(call, 3));
        window.end = end;
    }
    return window;
}

// The byte position of code point number `index`; the end of the text if it has fewer.
std::size_t byte_of(std::string_view text, std::int64_t index) {
    std::size_t at = 0;
    for (std::int64_t passed = 0; passed < index && at < text.size(); ++passed) {
        at += code_point_bytes(text, at);
    }
    return at;
}

// Finds `token` in the bytes [first, last) of `text`.
std::int64_t find_bytes(std::string_view text,
                        std::string_view token,
                        std::size_t first,
                        std::size_t last) {
    if (first > last) {
        return -1;
    }
    const std::size_t at = text.substr(0, last).find(token, first);
    return at == std::string_view::npos ? -1 : static_cast<std::int64_t>(at);
}

struct TextErrors {
    std::int32_t input;
    std::int32_t token;
};

// The two strings; nothing if the first is nullish.
Result<std::optional<std::pair<std::string_view, std::string_view>>> read_texts(
    const Call& call, const TextErrors& errors) {
    PLUMB_TRY(input, call.argument(0));
    std::optional<std::pair<std::string_view, std::string_view>> texts;
    if (input.nullish()) {
        return texts;
    }
    if (input.type() != Type::String) {
        return wrong_type(call, errors.input, input);
    }
    PLUMB_TRY(token, call.argument(1));
    if (token.type() != Type::String) {
        return wrong_type(call, errors.token, token);
    }
    texts.emplace(input.as_string(), token.as_string());
    return texts;
}

}  // namespace

Result<ValueView> run_index_of_bytes(const Call& call) {
    PLUMB_TRY(texts, read_texts(call, {40091, 40092}));
    if (!texts) {
        return make_null();
    }
    const auto [text, token] = *texts;
    PLUMB_TRY(window, read_window(call));
    const auto size = static_cast<std::int64_t>(text.size());
    if (window.start > size) {
        return make_int32(call.arena(), -1);
    }
    const std::int64_t found = find_bytes(text,
                                          token,
                                          static_cast<std::size_t>(window.start),
                                          static_cast<std::size_t>(std::min(window.end, size)));
    return make_int32(call.arena(), static_cast<std::int32_t>(found));
}

Result<ValueView> run_index_of_cp(const Call& call) {
    PLUMB_TRY(texts, read_texts(call, {40093, 40094}));
    if (!texts) {
        return make_null();
    }
    const auto [text, token] = *texts;
    PLUMB_TRY(window, read_window(call));
    if (window.start > code_point_count(text)) {
        return make_int32(call.arena(), -1);
    }
    const std::int64_t found =
        find_bytes(text, token, byte_of(text, window.start), byte_of(text, window.end));
    if (found < 0) {
        return make_int32(call.arena(), -1);
    }
    const std::int64_t position = code_point_count(text.substr(0, static_cast<std::size_t>(found)));
    return make_int32(call.arena(), static_cast<std::int32_t>(position));
}

Result<ValueView> run_index_of_array(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.nullish()) {
        return make_null();
    }
    if (array.type() != Type::Array) {
        return wrong_type(call, 40090, array);
    }
    PLUMB_TRY(wanted, call.argument(1));
    PLUMB_TRY(window, read_window(call));
    std::int64_t position = 0;
    for (const bson::Element& element : array.as_container()) {
        if (position >= window.end) {
            break;
        }
        if (position >= window.start && bson::equal(element.value, wanted)) {
            return make_int32(call.arena(), static_cast<std::int32_t>(position));
        }
        ++position;
    }
    return make_int32(call.arena(), -1);
}

Result<ValueView> run_in(const Call& call) {
    PLUMB_TRY(wanted, call.argument(0));
    PLUMB_TRY(array, call.argument(1));
    if (array.type() != Type::Array) {
        return wrong_type(call, 40081, array);
    }
    for (const bson::Element& element : array.as_container()) {
        if (bson::equal(element.value, wanted)) {
            return make_bool(true);
        }
    }
    return make_bool(false);
}

}  // namespace plumb::query
