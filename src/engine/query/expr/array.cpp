// SPDX-License-Identifier: GPL-3.0-or-later
// $arrayElemAt, $concatArrays, $isArray, $range, $reverseArray, $size, $slice.
#include "base/limits.h"
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// A number as an int32, or the error that one of two codes names.
Result<std::int64_t> read_int32(const Call& call,
                                ValueView value,
                                std::int32_t not_a_number,
                                std::int32_t not_an_int32) {
    if (!value.is_number()) {
        return wrong_type(call, not_a_number, value);
    }
    const auto whole = bson::to_exact_int64(value);
    using Limits = std::numeric_limits<std::int32_t>;
    if (!whole || *whole > Limits::max() || *whole < Limits::min()) {
        return operator_error(call, not_an_int32, "the value is no 32-bit integer");
    }
    return *whole;
}

}  // namespace

Result<ValueView> run_size(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.type() != Type::Array) {
        return wrong_type(call, 17124, array);
    }
    return make_int32(call.arena(), static_cast<std::int32_t>(array.as_container().count()));
}

Result<ValueView> run_is_array(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    return make_bool(value.type() == Type::Array);
}

Result<ValueView> run_array_elem_at(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    PLUMB_TRY(index, call.argument(1));
    if (array.nullish() || index.nullish()) {
        return make_null();
    }
    if (array.type() != Type::Array) {
        return wrong_type(call, 28689, array);
    }
    PLUMB_TRY(position, read_int32(call, index, 28690, 28691));
    if (position < 0) {
        position += static_cast<std::int64_t>(array.as_container().count());
    }
    return position < 0 ? ValueView{} : array.as_array().at(static_cast<std::size_t>(position));
}

Result<ValueView> run_concat_arrays(const Call& call) {
    ArrayWriter out{call.arena()};
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(array, call.argument(index));
        if (array.nullish()) {
            return make_null();
        }
        if (array.type() != Type::Array) {
            return wrong_type(call, 28664, array);
        }
        for (const bson::Element& element : array.as_container()) {
            out.push(element.value);
        }
    }
    return out.finish();
}

Result<ValueView> run_reverse_array(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.nullish()) {
        return make_null();
    }
    if (array.type() != Type::Array) {
        return wrong_type(call, 34435, array);
    }
    std::vector<ValueView> elements;
    for (const bson::Element& element : array.as_container()) {
        elements.push_back(element.value);
    }
    ArrayWriter out{call.arena(), array.raw().size()};
    for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
        out.push(*element);
    }
    return out.finish();
}

namespace {

ValueView slice(const Call& call, ValueView array, std::int64_t start, std::int64_t length) {
    ArrayWriter out{call.arena()};
    std::int64_t position = 0;
    for (const bson::Element& element : array.as_container()) {
        if (position >= start && position - start < length) {
            out.push(element.value);
        }
        ++position;
    }
    return out.finish();
}

}  // namespace

Result<ValueView> run_slice(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    PLUMB_TRY(second, call.argument(1));
    if (array.nullish() || second.nullish()) {
        return make_null();
    }
    if (array.type() != Type::Array) {
        return wrong_type(call, 28724, array);
    }
    PLUMB_TRY(number, read_int32(call, second, 28725, 28726));
    const auto count = static_cast<std::int64_t>(array.as_container().count());
    if (!call.has(2)) {
        // {$slice: [array, n]}: the first n, or the last -n.
        return number >= 0 ? slice(call, array, 0, number)
                           : slice(call, array, std::max<std::int64_t>(0, count + number), count);
    }
    PLUMB_TRY(third, call.argument(2));
    if (third.nullish()) {
        return make_null();
    }
    PLUMB_TRY(length, read_int32(call, third, 28727, 28728));
    if (length <= 0) {
        return operator_error(call, 28729, "third argument must be positive");
    }
    const std::int64_t start = number >= 0 ? number : std::max<std::int64_t>(0, count + number);
    return slice(call, array, start, length);
}

Result<ValueView> run_range(const Call& call) {
    PLUMB_TRY(start_value, call.argument(0));
    PLUMB_TRY(end_value, call.argument(1));
    PLUMB_TRY(start, read_int32(call, start_value, 34443, 34444));
    PLUMB_TRY(end, read_int32(call, end_value, 34445, 34446));
    std::int64_t step = 1;
    if (call.has(2)) {
        PLUMB_TRY(step_value, call.argument(2));
        PLUMB_TRY(wanted, read_int32(call, step_value, 34447, 34448));
        step = wanted;
    }
    if (step == 0) {
        return operator_error(call, 34449, "requires a non-zero step value");
    }
    // Ours: a range past what a document can hold fails before it takes the memory.
    constexpr std::int64_t kElementsMax = kDocumentBytesMax / 4;
    if ((end - start) / step > kElementsMax) {
        return fail(ErrorCode::ExceededMemoryLimit, "$range would make an array that is too large");
    }
    ArrayWriter out{call.arena()};
    for (std::int64_t at = start; step > 0 ? at < end : at > end; at += step) {
        out.push(make_int32(call.arena(), static_cast<std::int32_t>(at)));
    }
    return out.finish();
}

}  // namespace plumb::query
