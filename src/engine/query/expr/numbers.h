// SPDX-License-Identifier: GPL-3.0-or-later
// What the arithmetic of expressions and accumulators shares: the widening of types, and sums that
// do not lose digits.
//
// Threads  value types.
#pragma once

#include "base/arena.h"
#include "bson/value.h"

#include <cstdint>
#include <optional>

namespace plumb::query {

// The wider of two types of numbers: int < long < double < decimal. Missing if one is no number.
[[nodiscard]] bson::Type wider_number(bson::Type a, bson::Type b);

// A sum in twice the precision of a double (Knuth's two-sum), exact for 64-bit integers.
class CompensatedSum {
  public:
    void add(double number);
    void add(std::int64_t number);
    [[nodiscard]] double as_double() const;
    [[nodiscard]] bson::Decimal128 as_decimal() const;
    // The sum as a 64-bit integer, cut towards zero; nothing if it does not fit.
    [[nodiscard]] std::optional<std::int64_t> as_int64() const;
    [[nodiscard]] double high() const { return sum_; }
    [[nodiscard]] double low() const { return rest_; }
    [[nodiscard]] double special() const { return special_; }
    void restore(double high, double low);

  private:
    double sum_ = 0;
    double rest_ = 0;
    // Infinities and NaN spoil the rest, so they are summed beside it.
    double special_ = 0;
};

// What $sum and $add give: a sum of numbers of all types and the narrowest type that can hold it.
class NumberSum {
  public:
    // requires a number
    void add(bson::ValueView number);
    // Milliseconds of a date: counts, without widening the type.
    void add_milliseconds(std::int64_t ms) { binary_.add(ms); }

    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    [[nodiscard]] bool is_decimal() const { return type_ == bson::Type::Decimal128; }
    [[nodiscard]] double as_double() const { return binary_.as_double(); }
    [[nodiscard]] bson::Decimal128 as_decimal() const;
    [[nodiscard]] std::optional<std::int64_t> as_int64() const { return binary_.as_int64(); }

    // For merging partial sums: the parts as they are.
    [[nodiscard]] bson::Type type() const { return type_; }
    [[nodiscard]] const CompensatedSum& binary() const { return binary_; }
    [[nodiscard]] bson::Decimal128 decimal() const { return decimal_; }
    void merge(bson::Type type, double high, double low, bson::Decimal128 decimal);

  private:
    CompensatedSum binary_;
    bson::Decimal128 decimal_ = {0, 0x3040000000000000ULL};  // zero with exponent 0
    bson::Type type_ = bson::Type::Int32;
};

}  // namespace plumb::query
