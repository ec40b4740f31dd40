// SPDX-License-Identifier: GPL-3.0-or-later
// $abs, $ceil, $floor, $round, $trunc.
#include "bson/decimal.h"
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <cmath>
#include <limits>
#include <string>

namespace plumb::query {

using bson::DecimalRounding;
using bson::Type;
using bson::ValueView;

Result<ValueView> run_abs(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    switch (value.type()) {
        case Type::Int32:
            return make_int_or_long(call.arena(), std::abs(std::int64_t{value.as_int32()}));
        case Type::Int64:
            if (value.as_int64() == std::numeric_limits<std::int64_t>::min()) {
                return operator_error(call, 28680, "can't take $abs of long long min");
            }
            return make_int64(call.arena(), std::abs(value.as_int64()));
        case Type::Double:
            return make_double(call.arena(), std::fabs(value.as_double()));
        case Type::Decimal128:
            return make_decimal(call.arena(), bson::decimal_absolute(value.as_decimal()));
        default:
            break;
    }
    if (value.nullish()) {
        return make_null();
    }
    return wrong_type(call, 28765, value);
}

namespace {

Result<ValueView> to_integer(const Call& call, double (*real)(double), DecimalRounding rounding) {
    PLUMB_TRY(value, call.argument(0));
    switch (value.type()) {
        case Type::Int32:
        case Type::Int64:
            return value;
        case Type::Double:
            return make_double(call.arena(), real(value.as_double()));
        case Type::Decimal128:
            return make_decimal(call.arena(),
                                bson::decimal_round_to_integer(value.as_decimal(), rounding));
        default:
            break;
    }
    if (value.nullish()) {
        return make_null();
    }
    return wrong_type(call, 28765, value);
}

constexpr std::int64_t kPlacesMin = -20;
constexpr std::int64_t kPlacesMax = 100;

// 10 to the power of -places, as the reference that decimal_quantize takes its exponent from.
bson::Decimal128 unit_of(std::int64_t places) {
    return *bson::decimal_from_string("1E" + std::to_string(-places));
}

bson::Decimal128 at_places(bson::Decimal128 value, std::int64_t places, DecimalRounding rounding) {
    if (bson::decimal_is_nan(value) || bson::decimal_is_infinite(value)) {
        return value;
    }
    return bson::decimal_quantize(value, unit_of(places), rounding);
}

Result<ValueView> integer_at_places(const Call& call,
                                    ValueView value,
                                    std::int64_t places,
                                    DecimalRounding rounding) {
    if (places >= 0) {
        return value;
    }
    const bson::Decimal128 exact = bson::decimal_from_int64(bson::to_clamped_int64(value));
    bson::DecimalFlags flags;
    const std::int64_t rounded =
        bson::decimal_to_int64(at_places(exact, places, rounding), DecimalRounding::ToZero, flags);
    if (flags.invalid) {
        return operator_error(call, 51080, "the result does not fit a long");
    }
    return value.type() == Type::Int64 ? make_int64(call.arena(), rounded)
                                       : make_int_or_long(call.arena(), rounded);
}

Result<ValueView> to_places(const Call& call, DecimalRounding rounding) {
    PLUMB_TRY(value, call.argument(0));
    if (value.nullish()) {
        return make_null();
    }
    if (!value.is_number()) {
        return wrong_type(call, 51081, value);
    }
    std::int64_t places = 0;
    if (call.has(1)) {
        PLUMB_TRY(wanted, call.argument(1));
        if (wanted.nullish()) {
            return make_null();
        }
        const auto whole = wanted.is_number() ? bson::to_exact_int64(wanted) : std::nullopt;
        if (!whole) {
            return operator_error(call, 51082, "precision argument must be an integral value");
        }
        if (*whole < kPlacesMin || *whole > kPlacesMax) {
            return operator_error(call, 51083, "cannot apply a precision outside -20 to 100");
        }
        places = *whole;
    }
    switch (value.type()) {
        case Type::Decimal128:
            return make_decimal(call.arena(), at_places(value.as_decimal(), places, rounding));
        case Type::Double: {
            if (!std::isfinite(value.as_double())) {
                return value;
            }
            const bson::Decimal128 exact = bson::decimal_from_double_exact(value.as_double());
            return make_double(call.arena(),
                               bson::decimal_to_double(at_places(exact, places, rounding)));
        }
        default:
            return integer_at_places(call, value, places, rounding);
    }
}

}  // namespace

Result<ValueView> run_ceil(const Call& call) {
    return to_integer(call, std::ceil, DecimalRounding::Up);
}

Result<ValueView> run_floor(const Call& call) {
    return to_integer(call, std::floor, DecimalRounding::Down);
}

Result<ValueView> run_round(const Call& call) {
    return to_places(call, DecimalRounding::NearestEven);
}

Result<ValueView> run_trunc(const Call& call) {
    return to_places(call, DecimalRounding::ToZero);
}

}  // namespace plumb::query
