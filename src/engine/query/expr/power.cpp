// SPDX-License-Identifier: GPL-3.0-or-later
// $exp, $ln, $log, $log10, $pow, $sqrt.
#include "bson/decimal.h"
#include "bson/decimal_log2.h"
#include "bson/number.h"
#include "engine/query/expr/numbers.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <cmath>

namespace plumb::query {

using bson::DecimalFunction;
using bson::Type;
using bson::ValueView;

namespace {

// A function of one number, with what it refuses.
struct UnaryFunction {
    double (*real)(double);
    DecimalFunction decimal;
    // Whether a sign (-1, 0, 1) is in its domain; null if all are.
    bool (*takes_sign)(int) = nullptr;
    std::int32_t refusal = 0;
};

bool is_positive(int sign) {
    return sign > 0;
}

bool is_not_negative(int sign) {
    return sign >= 0;
}

int sign_of(ValueView number) {
    if (number.type() == Type::Decimal128) {
        const bson::Decimal128 value = number.as_decimal();
        if (bson::decimal_is_zero(value)) {
            return 0;
        }
        return bson::decimal_is_negative(value) ? -1 : 1;
    }
    const double value = bson::to_double(number);
    return (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0);
}

bool is_nan(ValueView number) {
    return number.type() == Type::Decimal128 ? bson::decimal_is_nan(number.as_decimal())
                                             : std::isnan(bson::to_double(number));
}

Result<ValueView> apply(const Call& call, const UnaryFunction& function) {
    PLUMB_TRY(value, call.argument(0));
    if (value.nullish()) {
        return make_null();
    }
    if (!value.is_number()) {
        return wrong_type(call, 28765, value);
    }
    if (function.takes_sign != nullptr && !is_nan(value) && !function.takes_sign(sign_of(value))) {
        return operator_error(call, function.refusal, "the argument is outside of the domain");
    }
    if (value.type() == Type::Decimal128) {
        return make_decimal(call.arena(),
                            bson::decimal_function(function.decimal, value.as_decimal()));
    }
    return make_double(call.arena(), function.real(bson::to_double(value)));
}

// Whole numbers to a whole power; nothing where a long does not hold the result.
std::optional<std::int64_t> whole_power(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) {
        if (base == 1) {
            return 1;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        return std::nullopt;
    }
    std::int64_t result = 1;
    std::int64_t square = base;
    while (exponent > 0) {
        if (exponent % 2 == 1 && __builtin_mul_overflow(result, square, &result)) {
            return std::nullopt;
        }
        exponent /= 2;
        if (exponent > 0 && __builtin_mul_overflow(square, square, &square)) {
            return std::nullopt;
        }
    }
    return result;
}

ValueView power(Arena& arena, ValueView base, ValueView exponent, Type type) {
    if (type == Type::Decimal128) {
        return make_decimal(
            arena, bson::decimal_power(bson::to_decimal(base), bson::to_decimal(exponent)));
    }
    if (type != Type::Double) {
        const auto whole =
            whole_power(bson::to_clamped_int64(base), bson::to_clamped_int64(exponent));
        if (whole) {
            return type == Type::Int64 ? make_int64(arena, *whole)
                                       : make_int_or_long(arena, *whole);
        }
    }
    return make_double(arena, std::pow(bson::to_double(base), bson::to_double(exponent)));
}

// 4.2 divides the natural logarithm by the base itself, not by the base's logarithm, unless the
// base is 2 or 10: tests/conformance/expression.jsonl, arithmetic-binary-136.
bson::Decimal128 decimal_log(bson::Decimal128 value, bson::Decimal128 base) {
    if (bson::decimal_compare(base, bson::decimal_from_int64(10)) == 0) {
        return bson::decimal_function(DecimalFunction::Log10, value);
    }
    if (bson::decimal_compare(base, bson::decimal_from_int64(2)) == 0) {
        return bson::decimal_log2(value);
    }
    return bson::decimal_divide(bson::decimal_function(DecimalFunction::Ln, value), base);
}

}  // namespace

Result<ValueView> run_exp(const Call& call) {
    return apply(call, {std::exp, DecimalFunction::Exp});
}

Result<ValueView> run_ln(const Call& call) {
    return apply(call, {std::log, DecimalFunction::Ln, is_positive, 28766});
}

Result<ValueView> run_log10(const Call& call) {
    return apply(call, {std::log10, DecimalFunction::Log10, is_positive, 28761});
}

Result<ValueView> run_sqrt(const Call& call) {
    return apply(call, {std::sqrt, DecimalFunction::Sqrt, is_not_negative, 28714});
}

Result<ValueView> run_log(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    PLUMB_TRY(base, call.argument(1));
    if (value.nullish() || base.nullish()) {
        return make_null();
    }
    if (!value.is_number()) {
        return wrong_type(call, 28756, value);
    }
    if (!base.is_number()) {
        return wrong_type(call, 28757, base);
    }
    if (!is_nan(value) && sign_of(value) <= 0) {
        return operator_error(call, 28758, "the argument must be a positive number");
    }
    const bool is_one = !is_nan(base) && bson::to_double(base) == 1;
    if (!is_nan(base) && (sign_of(base) <= 0 || is_one)) {
        return operator_error(call, 28759, "the base must be a positive number not equal to 1");
    }
    if (wider_number(value.type(), base.type()) == Type::Decimal128) {
        return make_decimal(call.arena(),
                            decimal_log(bson::to_decimal(value), bson::to_decimal(base)));
    }
    return make_double(call.arena(),
                       std::log(bson::to_double(value)) / std::log(bson::to_double(base)));
}

Result<ValueView> run_pow(const Call& call) {
    PLUMB_TRY(base, call.argument(0));
    PLUMB_TRY(exponent, call.argument(1));
    if (base.nullish() || exponent.nullish()) {
        return make_null();
    }
    if (!base.is_number()) {
        return wrong_type(call, 28762, base);
    }
    if (!exponent.is_number()) {
        return wrong_type(call, 28763, exponent);
    }
    if (!is_nan(base) && sign_of(base) == 0 && sign_of(exponent) < 0) {
        return operator_error(call, 28764, "cannot take a base of 0 and a negative exponent");
    }
    return power(call.arena(), base, exponent, wider_number(base.type(), exponent.type()));
}

}  // namespace plumb::query
