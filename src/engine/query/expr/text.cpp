// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/text.h"

#include "bson/decimal.h"
#include "engine/query/date_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

std::size_t code_point_bytes(std::string_view text, std::size_t at) {
    std::size_t bytes = 1;
    while (at + bytes < text.size() && is_continuation(text[at + bytes])) {
        ++bytes;
    }
    return bytes;
}

std::int64_t code_point_count(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); });
}

std::string double_text(double number) {
    if (std::isnan(number)) {
        return "NaN";
    }
    if (std::isinf(number)) {
        return number > 0 ? "Infinity" : "-Infinity";
    }
    return fmt::format("{:.16g}", number);
}

Result<std::string_view> as_text(const Call& call, ValueView value) {
    switch (value.type()) {
        case Type::String:
        case Type::Symbol:
        case Type::Code:
            return value.as_string();
        case Type::Missing:
        case Type::Null:
        case Type::Undefined:
            return std::string_view{};
        case Type::Double:
            return call.arena().copy(double_text(value.as_double()));
        case Type::Int32:
            return call.arena().copy(std::to_string(value.as_int32()));
        case Type::Int64:
            return call.arena().copy(std::to_string(value.as_int64()));
        case Type::Decimal128:
            return call.arena().copy(bson::decimal_to_string(value.as_decimal()));
        case Type::Date: {
            PLUMB_TRY(text, iso_date_text(value.as_date()));
            return call.arena().copy(text);
        }
        case Type::Timestamp:
            return call.arena().copy(timestamp_text(value.as_timestamp()));
        default:
            return wrong_type(call, 16007, value);
    }
}

}  // namespace plumb::query
