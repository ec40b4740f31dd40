// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"

#include "base/assert.h"

#include <cmath>
#include <limits>

namespace plumb::bson {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

std::int64_t clamp_double(double number) {
    if (std::isnan(number)) {
        return 0;
    }
    if (number >= kTwoTo63) {
        return std::numeric_limits<std::int64_t>::max();
    }
    if (number < -kTwoTo63) {
        return std::numeric_limits<std::int64_t>::min();
    }
    return static_cast<std::int64_t>(number);
}

std::int64_t clamp_decimal(Decimal128 number) {
    if (decimal_is_nan(number)) {
        return 0;
    }
    DecimalFlags flags;
    const std::int64_t out = decimal_to_int64(number, DecimalRounding::ToZero, flags);
    if (!flags.invalid) {
        return out;
    }
    return decimal_is_negative(number) ? std::numeric_limits<std::int64_t>::min()
                                       : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

double to_double(ValueView number) {
    switch (number.type()) {
        case Type::Int32:
            return number.as_int32();
        case Type::Int64:
            return static_cast<double>(number.as_int64());
        case Type::Decimal128:
            return decimal_to_double(number.as_decimal());
        default:
            return number.as_double();
    }
}

Decimal128 to_decimal(ValueView number) {
    switch (number.type()) {
        case Type::Int32:
            return decimal_from_int64(number.as_int32());
        case Type::Int64:
            return decimal_from_int64(number.as_int64());
        case Type::Decimal128:
            return number.as_decimal();
        default:
            return decimal_from_double_15(number.as_double());
    }
}

std::optional<std::int64_t> to_exact_int64(ValueView number) {
    switch (number.type()) {
        case Type::Int32:
            return number.as_int32();
        case Type::Int64:
            return number.as_int64();
        case Type::Double: {
            const double value = number.as_double();
            const bool fits = value >= -kTwoTo63 && value < kTwoTo63 && std::trunc(value) == value;
            return fits ? std::optional{static_cast<std::int64_t>(value)} : std::nullopt;
        }
        case Type::Decimal128: {
            const Decimal128 value = number.as_decimal();
            if (decimal_is_nan(value) || decimal_is_infinite(value)) {
                return std::nullopt;
            }
            DecimalFlags flags;
            const std::int64_t out = decimal_to_int64(value, DecimalRounding::ToZero, flags);
            const bool exact =
                !flags.invalid && decimal_compare(decimal_from_int64(out), value) == 0;
            return exact ? std::optional{out} : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::int64_t to_clamped_int64(ValueView number) {
    switch (number.type()) {
        case Type::Int32:
            return number.as_int32();
        case Type::Int64:
            return number.as_int64();
        case Type::Decimal128:
            return clamp_decimal(number.as_decimal());
        default:
            return clamp_double(number.as_double());
    }
}

bool truthy(ValueView value) {
    switch (value.type()) {
        case Type::Missing:
        case Type::Null:
        case Type::Undefined:
            return false;
        case Type::Bool:
            return value.as_bool();
        case Type::Int32:
            return value.as_int32() != 0;
        case Type::Int64:
            return value.as_int64() != 0;
        case Type::Double:
            return value.as_double() != 0.0;
        case Type::Decimal128:
            return !decimal_is_zero(value.as_decimal());
        default:
            return true;
    }
}

}  // namespace plumb::bson
