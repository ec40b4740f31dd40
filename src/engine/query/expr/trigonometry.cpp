// SPDX-License-Identifier: GPL-3.0-or-later
// $sin, $cos, $tan, their inverses and hyperbolic forms, $atan2, $degreesToRadians,
// $radiansToDegrees.
#include "bson/decimal.h"
#include "bson/number.h"
#include "engine/query/expr/numbers.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace plumb::query {

using bson::DecimalFunction;
using bson::Type;
using bson::ValueView;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Arguments that a function takes: finite ones only, or from `low` to `high`.
struct Domain {
    double low = -kInfinity;
    double high = kInfinity;
    bool finite = false;
};

constexpr Domain kFinite{-kInfinity, kInfinity, true};
constexpr Domain kUnit{-1, 1, false};
constexpr Domain kFromOne{1, kInfinity, false};

bool contains(const Domain& domain, double value) {
    if (std::isnan(value)) {
        return true;
    }
    return value >= domain.low && value <= domain.high && !(domain.finite && std::isinf(value));
}

Result<ValueView> apply(const Call& call,
                        double (*real)(double),
                        DecimalFunction decimal,
                        const Domain& domain = {}) {
    PLUMB_TRY(value, call.argument(0));
    if (value.nullish()) {
        return make_null();
    }
    if (!value.is_number()) {
        return wrong_type(call, 28765, value);
    }
    const double number = bson::to_double(value);
    if (!contains(domain, number)) {
        return operator_error(call, 50989, "cannot apply it to this value, which is out of bounds");
    }
    if (value.type() == Type::Decimal128) {
        return make_decimal(call.arena(), bson::decimal_function(decimal, value.as_decimal()));
    }
    return make_double(call.arena(), real(number));
}

Result<ValueView> scale(const Call& call, double real, const char* decimal) {
    PLUMB_TRY(value, call.argument(0));
    if (value.nullish()) {
        return make_null();
    }
    if (!value.is_number()) {
        return wrong_type(call, 28765, value);
    }
    if (value.type() == Type::Decimal128) {
        const bson::Decimal128 factor = *bson::decimal_from_string(decimal);
        return make_decimal(call.arena(), bson::decimal_multiply(value.as_decimal(), factor));
    }
    return make_double(call.arena(), bson::to_double(value) * real);
}

}  // namespace

Result<ValueView> run_sin(const Call& call) {
    return apply(call, std::sin, DecimalFunction::Sin, kFinite);
}

Result<ValueView> run_cos(const Call& call) {
    return apply(call, std::cos, DecimalFunction::Cos, kFinite);
}

Result<ValueView> run_tan(const Call& call) {
    return apply(call, std::tan, DecimalFunction::Tan, kFinite);
}

Result<ValueView> run_asin(const Call& call) {
    return apply(call, std::asin, DecimalFunction::Asin, kUnit);
}

Result<ValueView> run_acos(const Call& call) {
    return apply(call, std::acos, DecimalFunction::Acos, kUnit);
}

Result<ValueView> run_atan(const Call& call) {
    return apply(call, std::atan, DecimalFunction::Atan);
}

Result<ValueView> run_sinh(const Call& call) {
    return apply(call, std::sinh, DecimalFunction::Sinh);
}

Result<ValueView> run_cosh(const Call& call) {
    return apply(call, std::cosh, DecimalFunction::Cosh);
}

Result<ValueView> run_tanh(const Call& call) {
    return apply(call, std::tanh, DecimalFunction::Tanh);
}

Result<ValueView> run_asinh(const Call& call) {
    return apply(call, std::asinh, DecimalFunction::Asinh);
}

Result<ValueView> run_acosh(const Call& call) {
    return apply(call, std::acosh, DecimalFunction::Acosh, kFromOne);
}

Result<ValueView> run_atanh(const Call& call) {
    return apply(call, std::atanh, DecimalFunction::Atanh, kUnit);
}

Result<ValueView> run_degrees_to_radians(const Call& call) {
    return scale(call, std::numbers::pi / 180, "0.01745329251994329576923690768488613");
}

Result<ValueView> run_radians_to_degrees(const Call& call) {
    return scale(call, 180 / std::numbers::pi, "57.29577951308232087679815481410517");
}

Result<ValueView> run_atan2(const Call& call) {
    PLUMB_TRY(y, call.argument(0));
    PLUMB_TRY(x, call.argument(1));
    if (y.nullish() || x.nullish()) {
        return make_null();
    }
    if (!y.is_number()) {
        return wrong_type(call, 51044, y);
    }
    if (!x.is_number()) {
        return wrong_type(call, 51045, x);
    }
    if (wider_number(y.type(), x.type()) == Type::Decimal128) {
        return make_decimal(call.arena(),
                            bson::decimal_atan2(bson::to_decimal(y), bson::to_decimal(x)));
    }
    return make_double(call.arena(), std::atan2(bson::to_double(y), bson::to_double(x)));
}

}  // namespace plumb::query
