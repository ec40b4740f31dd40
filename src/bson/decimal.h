// SPDX-License-Identifier: GPL-3.0-or-later
// Decimal128: IEEE 754-2008 decimal floating point, 34 digits, in the BID encoding of BSON.
//
// Arithmetic is Intel's library; this header keeps it from everybody else. Rounding is to nearest,
// ties to even, unless an operation says otherwise.
//
// Threads  a value type; functions may run at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::bson {

struct Decimal128 {
    std::uint64_t low = 0;  // little-endian on the wire: low first
    std::uint64_t high = 0;

    bool operator==(const Decimal128&) const = default;  // of the bits, not of the value
};

// What went wrong in an operation, as IEEE flags.
struct DecimalFlags {
    bool invalid = false;
    bool divide_by_zero = false;
    bool overflow = false;
    bool inexact = false;
};

enum class DecimalRounding : std::uint8_t { NearestEven, Down, Up, ToZero, NearestAway };

// Nothing if `text` is no decimal number. Accepts "NaN", "Infinity", exponents, signs.
[[nodiscard]] std::optional<Decimal128> decimal_from_string(std::string_view text);
// As MongoDB prints: scientific when the exponent is positive or far below; "NaN", "Infinity".
[[nodiscard]] std::string decimal_to_string(Decimal128 value);

[[nodiscard]] Decimal128 decimal_from_int64(std::int64_t value);
// Rounded to 15 significant digits, as MongoDB converts a double that takes part in decimal
// arithmetic.
[[nodiscard]] Decimal128 decimal_from_double_15(double value);
// All the digits of the double (34 at most): for comparing by value.
[[nodiscard]] Decimal128 decimal_from_double_exact(double value);
[[nodiscard]] double decimal_to_double(Decimal128 value, DecimalFlags* flags = nullptr);
// Rounded as asked; flags.invalid if it does not fit.
[[nodiscard]] std::int64_t decimal_to_int64(Decimal128 value,
                                            DecimalRounding rounding,
                                            DecimalFlags& flags);

[[nodiscard]] bool decimal_is_nan(Decimal128 value);
[[nodiscard]] bool decimal_is_infinite(Decimal128 value);
[[nodiscard]] bool decimal_is_zero(Decimal128 value);
[[nodiscard]] bool decimal_is_negative(Decimal128 value);  // the sign bit, also of -0

// -1, 0, 1 by value; NaN equals NaN and is less than all else (MongoDB's sort order).
[[nodiscard]] int decimal_compare(Decimal128 a, Decimal128 b);

[[nodiscard]] Decimal128 decimal_add(Decimal128 a, Decimal128 b);
[[nodiscard]] Decimal128 decimal_subtract(Decimal128 a, Decimal128 b);
[[nodiscard]] Decimal128 decimal_multiply(Decimal128 a,
                                          Decimal128 b,
                                          DecimalFlags* flags = nullptr);
[[nodiscard]] Decimal128 decimal_divide(Decimal128 a, Decimal128 b);
[[nodiscard]] Decimal128 decimal_remainder(Decimal128 a, Decimal128 b);  // sign of `a`, as fmod
[[nodiscard]] Decimal128 decimal_absolute(Decimal128 a);
[[nodiscard]] Decimal128 decimal_negate(Decimal128 a);
// `value` with the exponent of `reference`: how $round and $trunc keep digits.
[[nodiscard]] Decimal128 decimal_quantize(Decimal128 value,
                                          Decimal128 reference,
                                          DecimalRounding rounding);
[[nodiscard]] Decimal128 decimal_round_to_integer(Decimal128 value, DecimalRounding rounding);

// The functions of one and two arguments that expressions need.
enum class DecimalFunction : std::uint8_t {
    Sqrt,
    Exp,
    Ln,
    Log10,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
};
[[nodiscard]] Decimal128 decimal_function(DecimalFunction function, Decimal128 value);
[[nodiscard]] Decimal128 decimal_power(Decimal128 base, Decimal128 exponent);
[[nodiscard]] Decimal128 decimal_atan2(Decimal128 y, Decimal128 x);

// Sign, coefficient (113 bits) and exponent (value = ±coefficient · 10^exponent) of a finite
// number.
struct DecimalParts {
    bool negative;
    std::uint64_t coefficient_high;
    std::uint64_t coefficient_low;
    int exponent;
};
// requires a finite value
[[nodiscard]] DecimalParts decimal_parts(Decimal128 value);

}  // namespace plumb::bson
