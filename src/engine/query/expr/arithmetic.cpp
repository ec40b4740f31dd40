// SPDX-License-Identifier: GPL-3.0-or-later
// $add, $subtract, $multiply, $divide, $mod.
#include "bson/decimal.h"
#include "bson/number.h"
#include "engine/query/expr/numbers.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <cmath>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<ValueView> run_add(const Call& call) {
    NumberSum sum;
    bool has_date = false;
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        if (value.is_number()) {
            sum.add(value);
        } else if (value.type() == Type::Date) {
            if (has_date) {
                return operator_error(call, 16612, "only one date is allowed");
            }
            has_date = true;
            sum.add_milliseconds(value.as_date().ms);
        } else if (value.nullish()) {
            return make_null();
        } else {
            return wrong_type(call, 16554, value);
        }
    }
    if (!has_date) {
        return sum.result(call.arena());
    }
    if (sum.is_decimal()) {
        bson::DecimalFlags flags;
        const std::int64_t ms =
            bson::decimal_to_int64(sum.as_decimal(), bson::DecimalRounding::NearestEven, flags);
        return make_date(call.arena(), {ms});
    }
    const auto ms = sum.as_int64();
    if (!ms) {
        return fail(ErrorCode::Overflow, "date overflow in $add");
    }
    return make_date(call.arena(), {*ms});
}

namespace {

ValueView subtract_integers(Arena& arena, ValueView left, ValueView right, Type type) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(
            bson::to_clamped_int64(left), bson::to_clamped_int64(right), &difference)) {
        return make_double(arena, bson::to_double(left) - bson::to_double(right));
    }
    return type == Type::Int64 ? make_int64(arena, difference)
                               : make_int_or_long(arena, difference);
}

Result<ValueView> subtract_from_date(const Call& call, ValueView left, ValueView right) {
    std::int64_t difference = 0;
    if (right.type() == Type::Date) {
        if (__builtin_sub_overflow(left.as_date().ms, right.as_date().ms, &difference)) {
            return fail(ErrorCode::Overflow, "date overflow in $subtract");
        }
        return make_int64(call.arena(), difference);
    }
    if (!right.is_number()) {
        return wrong_type(call, 16613, right);
    }
    if (__builtin_sub_overflow(left.as_date().ms, bson::to_clamped_int64(right), &difference)) {
        return fail(ErrorCode::Overflow, "date overflow in $subtract");
    }
    return make_date(call.arena(), {difference});
}

}  // namespace

Result<ValueView> run_subtract(const Call& call) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    switch (const Type type = wider_number(left.type(), right.type())) {
        case Type::Decimal128:
            return make_decimal(
                call.arena(),
                bson::decimal_subtract(bson::to_decimal(left), bson::to_decimal(right)));
        case Type::Double:
            return make_double(call.arena(), bson::to_double(left) - bson::to_double(right));
        case Type::Int32:
        case Type::Int64:
            return subtract_integers(call.arena(), left, right, type);
        default:
            break;
    }
    if (left.nullish() || right.nullish()) {
        return make_null();
    }
    if (left.type() == Type::Date) {
        return subtract_from_date(call, left, right);
    }
    return fail(ErrorCode{16556},
                "can't $subtract a " + std::string{bson::type_name(right.type())} + " from a " +
                    std::string{bson::type_name(left.type())});
}

namespace {

// A product so far; which member counts depends on the type.
struct Product {
    Type type = Type::Int32;
    std::int64_t whole = 1;
    double real = 1;
    bson::Decimal128 decimal{};

    void multiply(ValueView number) {
        const Type before = type;
        type = wider_number(type, number.type());
        if (type == Type::Decimal128) {
            if (before != Type::Decimal128) {
                decimal = before == Type::Double ? bson::decimal_from_double_15(real)
                                                 : bson::decimal_from_int64(whole);
            }
            decimal = bson::decimal_multiply(decimal, bson::to_decimal(number));
            return;
        }
        real *= bson::to_double(number);
        if (type != Type::Double &&
            __builtin_mul_overflow(whole, bson::to_clamped_int64(number), &whole)) {
            type = Type::Double;
        }
    }

    [[nodiscard]] ValueView result(Arena& arena) const {
        switch (type) {
            case Type::Decimal128:
                return make_decimal(arena, decimal);
            case Type::Double:
                return make_double(arena, real);
            case Type::Int64:
                return make_int64(arena, whole);
            default:
                return make_int_or_long(arena, whole);
        }
    }
};

}  // namespace

Result<ValueView> run_multiply(const Call& call) {
    Product product;
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        if (value.is_number()) {
            product.multiply(value);
        } else if (value.nullish()) {
            return make_null();
        } else {
            return wrong_type(call, 16555, value);
        }
    }
    return product.result(call.arena());
}

namespace {

// The two numbers of a division, which must not be by zero.
struct Quotient {
    ValueView left;
    ValueView right;
    Type type = Type::Missing;  // the wider of both
};

struct QuotientCodes {
    std::int32_t by_zero;
    std::int32_t no_number;
};

// Nothing where a null makes the outcome null.
Result<std::optional<Quotient>> read_quotient(const Call& call, QuotientCodes codes) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    const Type type = wider_number(left.type(), right.type());
    if (type == Type::Missing) {
        if (left.nullish() || right.nullish()) {
            return std::optional<Quotient>{};
        }
        return wrong_type(call, codes.no_number, left.is_number() ? right : left);
    }
    const bool by_zero = right.type() == Type::Decimal128
                             ? bson::decimal_is_zero(right.as_decimal())
                             : bson::to_double(right) == 0;
    if (by_zero) {
        return operator_error(call, codes.by_zero, "can't divide by zero");
    }
    return std::optional{Quotient{left, right, type}};
}

// A double with the value of an int counts as that int, as the shell has no other numbers.
bool is_real_divisor(ValueView number) {
    if (number.type() != Type::Double) {
        return false;
    }
    const double value = number.as_double();
    return !(value >= -2147483648.0 && value <= 2147483647.0 && value == std::trunc(value));
}

}  // namespace

Result<ValueView> run_divide(const Call& call) {
    PLUMB_TRY(quotient, read_quotient(call, {.by_zero = 16608, .no_number = 16609}));
    if (!quotient) {
        return make_null();
    }
    const auto& [left, right, type] = *quotient;
    if (type == Type::Decimal128) {
        return make_decimal(call.arena(),
                            bson::decimal_divide(bson::to_decimal(left), bson::to_decimal(right)));
    }
    return make_double(call.arena(), bson::to_double(left) / bson::to_double(right));
}

Result<ValueView> run_mod(const Call& call) {
    PLUMB_TRY(quotient, read_quotient(call, {.by_zero = 16610, .no_number = 16611}));
    if (!quotient) {
        return make_null();
    }
    const auto& [left, right, type] = *quotient;
    if (type == Type::Decimal128) {
        return make_decimal(
            call.arena(), bson::decimal_remainder(bson::to_decimal(left), bson::to_decimal(right)));
    }
    if (left.type() == Type::Double || is_real_divisor(right)) {
        return make_double(call.arena(), std::fmod(bson::to_double(left), bson::to_double(right)));
    }
    const std::int64_t whole = bson::to_clamped_int64(right);
    // The one quotient that overflows has no remainder.
    const std::int64_t rest = whole == -1 ? 0 : bson::to_clamped_int64(left) % whole;
    if (left.type() == Type::Int64 || right.type() == Type::Int64) {
        return make_int64(call.arena(), rest);
    }
    return make_int32(call.arena(), static_cast<std::int32_t>(rest));
}

}  // namespace plumb::query
