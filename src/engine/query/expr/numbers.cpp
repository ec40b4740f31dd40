// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/numbers.h"

#include "bson/decimal.h"
#include "bson/number.h"
#include "engine/query/expr/values.h"

#include <cmath>
#include <limits>
#include <utility>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

int width(Type type) {
    switch (type) {
        case Type::Int32:
            return 1;
        case Type::Int64:
            return 2;
        case Type::Double:
            return 3;
        case Type::Decimal128:
            return 4;
        default:
            return 0;
    }
}

// The rounded sum and exactly what rounding left over.
std::pair<double, double> two_sum(double a, double b) {
    const double sum = a + b;
    const double of_b = sum - a;
    return {sum, (a - (sum - of_b)) + (b - of_b)};
}

}  // namespace

Type wider_number(Type a, Type b) {
    if (width(a) == 0 || width(b) == 0) {
        return Type::Missing;
    }
    return width(a) >= width(b) ? a : b;
}

void CompensatedSum::add(double number) {
    if (!std::isfinite(number)) {
        special_ += number;
        return;
    }
    const auto [sum, error] = two_sum(sum_, number);
    const auto [high, low] = two_sum(sum, rest_ + error);
    sum_ = high;
    rest_ = std::isfinite(high) ? low : 0;
}

void CompensatedSum::add(std::int64_t number) {
    // A double holds 53 bits: the upper and the lower half are exact.
    const std::int64_t low = number & 0xFFFFFFFFLL;
    add(static_cast<double>(number - low));
    add(static_cast<double>(low));
}

double CompensatedSum::as_double() const {
    return std::isfinite(special_) && special_ == 0 ? sum_ + rest_ : special_;
}

bson::Decimal128 CompensatedSum::as_decimal() const {
    if (special_ != 0) {
        return bson::decimal_from_double_exact(special_);
    }
    if (const auto whole = as_int64();
        whole && sum_ == std::trunc(sum_) && rest_ == std::trunc(rest_)) {
        return bson::decimal_from_int64(*whole);
    }
    return bson::decimal_add(bson::decimal_from_double_exact(sum_),
                             bson::decimal_from_double_exact(rest_));
}

std::optional<std::int64_t> CompensatedSum::as_int64() const {
    constexpr double kTwoTo63 = 9223372036854775808.0;
    if (special_ != 0 || sum_ > kTwoTo63 || sum_ < -kTwoTo63) {
        return std::nullopt;
    }
    if (sum_ == kTwoTo63) {
        if (rest_ >= 0) {
            return std::nullopt;
        }
        // 2^63 less a small number: one step aside, so that both parts fit.
        return std::numeric_limits<std::int64_t>::max() + static_cast<std::int64_t>(rest_ + 1);
    }
    const auto high = static_cast<std::int64_t>(sum_);
    const auto low = static_cast<std::int64_t>(rest_ + (sum_ - static_cast<double>(high)));
    std::int64_t total = 0;
    if (__builtin_add_overflow(high, low, &total)) {
        return std::nullopt;
    }
    return total;
}

void CompensatedSum::restore(double high, double low) {
    add(high);
    add(low);
}

void NumberSum::add(ValueView number) {
    type_ = wider_number(type_, number.type());
    switch (number.type()) {
        case Type::Int32:
            binary_.add(static_cast<double>(number.as_int32()));
            break;
        case Type::Int64:
            binary_.add(number.as_int64());
            break;
        case Type::Double:
            binary_.add(number.as_double());
            break;
        default:
            decimal_ = bson::decimal_add(decimal_, number.as_decimal());
    }
}

bson::Decimal128 NumberSum::as_decimal() const {
    return bson::decimal_add(decimal_, binary_.as_decimal());
}

ValueView NumberSum::result(Arena& arena) const {
    if (type_ == Type::Decimal128) {
        return make_decimal(arena, as_decimal());
    }
    const auto whole = binary_.as_int64();
    if (type_ == Type::Double || !whole) {
        return make_double(arena, binary_.as_double());
    }
    return type_ == Type::Int64 ? make_int64(arena, *whole) : make_int_or_long(arena, *whole);
}

void NumberSum::merge(Type type, double high, double low, bson::Decimal128 decimal) {
    type_ = wider_number(type_, type);
    binary_.restore(high, low);
    decimal_ = bson::decimal_add(decimal_, decimal);
}

}  // namespace plumb::query
