// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/convert_value.h"

#include "bson/decimal.h"
#include "bson/number.h"
#include "engine/query/date_parse.h"
#include "engine/query/expr/date_arguments.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

Error unsupported(ValueView input, Type to) {
    return fail(
        ErrorCode::ConversionFailure,
        fmt::format("Unsupported conversion from {} to {} in $convert with no onError value",
                    bson::type_name(input.type()),
                    bson::type_name(to)));
}

Error no_number(std::string_view text, std::string_view why) {
    return fail(ErrorCode::ConversionFailure,
                fmt::format("Failed to parse number '{}' in $convert: {}", text, why));
}

Error too_large(std::string_view what) {
    return fail(ErrorCode::ConversionFailure,
                fmt::format("Conversion would overflow target type in $convert: {}", what));
}

// What a number's text begins with behind its sign.
bool begins_like_a_number(std::string_view text, bool decimal) {
    if (text.starts_with('-') || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    if (text.empty() || text.starts_with("0x") || text.starts_with("0X")) {
        return false;
    }
    const bool digit = std::isdigit(static_cast<unsigned char>(text.front())) != 0;
    return digit ||
           (decimal && std::string_view{".iInN"}.find(text.front()) != std::string_view::npos);
}

Result<std::int64_t> parse_integer(std::string_view text) {
    if (!begins_like_a_number(text, false)) {
        return no_number(text, "Bad digit");
    }
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return no_number(text, error == std::errc::result_out_of_range ? "Overflow" : "Bad digit");
    }
    return number;
}

Result<double> parse_double(std::string_view text) {
    if (!begins_like_a_number(text, true)) {
        return no_number(text, "Did not consume whole string");
    }
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return no_number(text, "Did not consume whole string");
    }
    return number;
}

// The whole part of a number as an int64.
Result<std::int64_t> cut_to_int64(ValueView input) {
    if (input.type() == Type::Double) {
        const double number = input.as_double();
        constexpr double kTwoTo63 = 9223372036854775808.0;
        if (!(number >= -kTwoTo63 && number < kTwoTo63)) {
            return too_large(double_text(number));
        }
        return static_cast<std::int64_t>(number);
    }
    if (input.type() == Type::Decimal128) {
        const bson::Decimal128 number = input.as_decimal();
        bson::DecimalFlags flags;
        const std::int64_t whole =
            bson::decimal_to_int64(number, bson::DecimalRounding::ToZero, flags);
        if (flags.invalid || bson::decimal_is_nan(number) || bson::decimal_is_infinite(number)) {
            return too_large(bson::decimal_to_string(number));
        }
        return whole;
    }
    return bson::to_clamped_int64(input);
}

Result<std::int64_t> to_integer(ValueView input, Type to) {
    if (input.is_number()) {
        return cut_to_int64(input);
    }
    switch (input.type()) {
        case Type::Bool:
            return input.as_bool() ? 1 : 0;
        case Type::String:
            return parse_integer(input.as_string());
        case Type::Date:
            if (to == Type::Int64) {
                return input.as_date().ms;
            }
            break;
        default:
            break;
    }
    return unsupported(input, to);
}

Result<ValueView> to_int32(const Call& call, ValueView input) {
    PLUMB_TRY(number, to_integer(input, Type::Int32));
    using Limits = std::numeric_limits<std::int32_t>;
    if (number < Limits::min() || number > Limits::max()) {
        return too_large(std::to_string(number));
    }
    return make_int32(call.arena(), static_cast<std::int32_t>(number));
}

Result<ValueView> to_int64(const Call& call, ValueView input) {
    PLUMB_TRY(number, to_integer(input, Type::Int64));
    return make_int64(call.arena(), number);
}

Result<ValueView> to_double(const Call& call, ValueView input) {
    switch (input.type()) {
        case Type::Double:
            return input;
        case Type::Int32:
        case Type::Int64:
            return make_double(call.arena(), bson::to_double(input));
        case Type::Decimal128: {
            bson::DecimalFlags flags;
            const double number = bson::decimal_to_double(input.as_decimal(), &flags);
            if (flags.overflow) {
                return too_large(bson::decimal_to_string(input.as_decimal()));
            }
            return make_double(call.arena(), number);
        }
        case Type::Bool:
            return make_double(call.arena(), input.as_bool() ? 1 : 0);
        case Type::Date:
            return make_double(call.arena(), static_cast<double>(input.as_date().ms));
        case Type::String: {
            PLUMB_TRY(number, parse_double(input.as_string()));
            return make_double(call.arena(), number);
        }
        default:
            return unsupported(input, Type::Double);
    }
}

Result<ValueView> to_decimal(const Call& call, ValueView input) {
    if (input.is_number()) {
        return make_decimal(call.arena(), bson::to_decimal(input));
    }
    switch (input.type()) {
        case Type::Bool:
            return make_decimal(call.arena(), bson::decimal_from_int64(input.as_bool() ? 1 : 0));
        case Type::Date:
            return make_decimal(call.arena(), bson::decimal_from_int64(input.as_date().ms));
        case Type::String: {
            const std::string_view text = input.as_string();
            const auto number =
                begins_like_a_number(text, true) ? bson::decimal_from_string(text) : std::nullopt;
            if (!number) {
                return no_number(text, "Failed to parse string to decimal");
            }
            return make_decimal(call.arena(), *number);
        }
        default:
            return unsupported(input, Type::Decimal128);
    }
}

Result<ValueView> to_date(const Call& call, ValueView input) {
    switch (input.type()) {
        case Type::Date:
            return input;
        case Type::Int64:
        case Type::Double:
        case Type::Decimal128: {
            PLUMB_TRY(ms, cut_to_int64(input));
            return make_date(call.arena(), {ms});
        }
        case Type::ObjectId:
        case Type::Timestamp: {
            PLUMB_TRY(ms, as_milliseconds(call, input));
            return make_date(call.arena(), {ms});
        }
        case Type::String: {
            PLUMB_TRY(date, parse_date(input.as_string(), nullptr));
            return make_date(call.arena(), date);
        }
        default:
            return unsupported(input, Type::Date);
    }
}

Result<ValueView> to_object_id(const Call& call, ValueView input) {
    if (input.type() == Type::ObjectId) {
        return input;
    }
    if (input.type() != Type::String) {
        return unsupported(input, Type::ObjectId);
    }
    const auto id = bson::ObjectId::from_hex(input.as_string());
    if (!id) {
        return fail(ErrorCode::ConversionFailure,
                    fmt::format("Failed to parse objectId '{}' in $convert", input.as_string()));
    }
    return make_object_id(call.arena(), *id);
}

Result<ValueView> to_string(const Call& call, ValueView input) {
    switch (input.type()) {
        case Type::String:
            return input;
        case Type::Bool:
            return make_string(call.arena(), input.as_bool() ? "true" : "false");
        case Type::ObjectId:
            return make_string(call.arena(), input.as_object_id().to_hex());
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
        case Type::Date: {
            PLUMB_TRY(text, as_text(call, input));
            return make_string(call.arena(), text);
        }
        default:
            return unsupported(input, Type::String);
    }
}

}  // namespace

Result<ValueView> convert_value(const Call& call, ValueView input, Type to) {
    switch (to) {
        case Type::Bool:
            return make_bool(bson::truthy(input));
        case Type::Date:
            return to_date(call, input);
        case Type::Decimal128:
            return to_decimal(call, input);
        case Type::Double:
            return to_double(call, input);
        case Type::Int32:
            return to_int32(call, input);
        case Type::Int64:
            return to_int64(call, input);
        case Type::ObjectId:
            return to_object_id(call, input);
        case Type::String:
            return to_string(call, input);
        default:
            return unsupported(input, to);
    }
}

}  // namespace plumb::query
