// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key_decode_internal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace plumb::bson::keys {
namespace {

constexpr int kExponentMin = -kDecimalBias;
constexpr int kExponentMax = 6111;
constexpr std::uint64_t kInfinityHigh = 0x7800000000000000;
constexpr std::uint64_t kNanHigh = 0x7C00000000000000;
constexpr std::uint64_t kSignBit = 1ULL << 63U;

// What the key bytes say of a number, whatever its type.
struct KeyNumber {
    bool negative = false;
    bool is_integer = false;  // then `whole` is its magnitude
    std::uint64_t whole = 0;
    double magnitude = 0;  // else this, unless `rest` is set
    std::optional<DecimalDigits> rest;
};

Decimal128 make_decimal(bool negative, Wide coefficient, int exponent) {
    return {static_cast<std::uint64_t>(coefficient),
            static_cast<std::uint64_t>(coefficient >> 64U) |
                (static_cast<std::uint64_t>(exponent + kDecimalBias) << 49U) |
                (negative ? kSignBit : 0)};
}

DecimalDigits take_rest(KeyBytes& key) {
    const int leading_exponent = static_cast<int>(key.take_big_endian(2)) - kDecimalBias;
    const std::uint64_t high = key.take_big_endian(8);
    const std::uint64_t low = (high & 1U) != 0 ? key.take_big_endian(8) : 0;
    DecimalDigits out{
        .coefficient = static_cast<Wide>(high >> 1U) * power_of_ten(kHalfDigits) + low,
        .exponent = leading_exponent - (kDecimalDigits - 1),
        .trailing_zeros = 0};
    while (out.coefficient != 0 && out.coefficient % 10 == 0) {
        out.coefficient /= 10;
        ++out.exponent;
    }
    if (out.coefficient == 0 || out.coefficient >= power_of_ten(kDecimalDigits)) {
        key.fail();
    }
    return out;
}

KeyNumber take_bits(KeyBytes& key) {
    KeyNumber out;
    const std::uint64_t bits = key.take_big_endian(8);
    out.magnitude = std::bit_cast<double>(bits >> 1U);
    if ((bits & 1U) != 0) {
        out.rest = take_rest(key);
    }
    return out;
}

KeyNumber take_integer(KeyBytes& key, int byte_count) {
    KeyNumber out;
    const std::uint64_t payload = key.take_big_endian(byte_count);
    out.whole = payload >> 1U;
    if ((payload & 1U) == 0) {
        out.is_integer = true;
        return out;
    }
    const int fraction_bits =
        std::max(0, kDoubleBits - static_cast<int>(std::bit_width(out.whole)));
    const std::uint64_t fraction = key.take_big_endian((fraction_bits + 1 + 7) / 8);
    out.magnitude = static_cast<double>(out.whole) +
                    std::ldexp(static_cast<double>(fraction >> 1U), -fraction_bits);
    if ((fraction & 1U) != 0) {
        out.rest = take_rest(key);
    }
    return out;
}

// The digits that the decimal of this value has without trailing zeros.
DecimalDigits digits_of(const KeyNumber& number) {
    if (number.rest) {
        return *number.rest;
    }
    if (number.is_integer) {
        return decimal_digits(decimal_from_int64(static_cast<std::int64_t>(number.whole)));
    }
    return decimal_digits(decimal_from_double_exact(number.magnitude));
}

bool append_decimal(const KeyNumber& number,
                    int trailing_zeros,
                    std::string_view name,
                    Builder& out) {
    const DecimalDigits digits = digits_of(number);
    const int exponent = digits.exponent - trailing_zeros;
    if (trailing_zeros >= kDecimalDigits || exponent < kExponentMin || exponent > kExponentMax) {
        return false;
    }
    const Wide coefficient = digits.coefficient * power_of_ten(trailing_zeros);
    if (coefficient >= power_of_ten(kDecimalDigits)) {
        return false;
    }
    out.append(name, make_decimal(number.negative, coefficient, exponent));
    return true;
}

// The integer of a magnitude below 2^63.
std::int64_t signed_integer(const KeyNumber& number) {
    const auto magnitude = static_cast<std::int64_t>(number.whole);
    return number.negative ? -magnitude : magnitude;
}

double signed_double(const KeyNumber& number) {
    const double magnitude =
        number.is_integer ? static_cast<double>(number.whole) : number.magnitude;
    return number.negative ? -magnitude : magnitude;
}

bool append_suggested(const KeyNumber& number, std::string_view name, Builder& out) {
    if (number.rest) {
        return append_decimal(number, 0, name, out);
    }
    if (!number.is_integer) {
        out.append(name, signed_double(number));
        return true;
    }
    const std::int64_t integer = signed_integer(number);
    if (integer >= INT32_MIN && integer <= INT32_MAX) {
        out.append(name, static_cast<std::int32_t>(integer));
    } else {
        out.append(name, integer);
    }
    return true;
}

bool append_as(
    TypeCode code, const KeyNumber& number, TypeBits& types, std::string_view name, Builder& out) {
    switch (code) {
        case TypeCode::Int64:
            if (number.is_integer) {
                out.append(name, signed_integer(number));
                return true;
            }
            if (number.negative && number.magnitude == kTwoTo63 && !number.rest) {
                out.append(name, std::numeric_limits<std::int64_t>::min());
                return true;
            }
            return false;
        case TypeCode::Double:
            out.append(name, signed_double(number));
            return !number.rest;
        case TypeCode::Decimal:
            return append_decimal(number, types.take_byte(), name, out);
        case TypeCode::NegativeZero:
        case TypeCode::DecimalZero:
        case TypeCode::Symbol:
            return false;
    }
    return false;
}

bool append_zero(TypeBits& types, std::string_view name, Builder& out) {
    const std::optional<TypeCode> code = types.next();
    if (!code) {
        out.append(name, std::int32_t{0});
        return true;
    }
    switch (*code) {
        case TypeCode::Int64:
            out.append(name, std::int64_t{0});
            return true;
        case TypeCode::Double:
            out.append(name, 0.0);
            return true;
        case TypeCode::NegativeZero:
            out.append(name, -0.0);
            return true;
        case TypeCode::DecimalZero: {
            const unsigned high = types.take_byte();
            const unsigned payload = (high << 8U) | types.take_byte();
            const int exponent = static_cast<int>(payload & 0x7FFFU) - kDecimalBias;
            out.append(name, make_decimal((payload & 0x8000U) != 0, 0, exponent));
            return exponent <= kExponentMax;
        }
        case TypeCode::Decimal:
        case TypeCode::Symbol:
            return false;
    }
    return false;
}

// NaN and the infinities: doubles, or decimals if the type bits say so.
bool append_special(double special, TypeBits& types, std::string_view name, Builder& out) {
    const std::optional<TypeCode> code = types.next();
    if (!code) {
        out.append(name, special);
        return true;
    }
    const std::uint64_t sign = special < 0 ? kSignBit : 0;
    out.append(name, Decimal128{0, std::isnan(special) ? kNanHigh : kInfinityHigh | sign});
    return *code == TypeCode::Decimal && types.take_byte() == 0;
}

bool is_negative_tag(std::uint8_t tag) {
    return tag < kZero;
}

// What follows the tag of a finite number other than zero; nothing if the tag is none of theirs.
std::optional<KeyNumber> take_finite(std::uint8_t tag, KeyBytes& key) {
    if (tag == kNegativeLarge || tag == kNegativeSmall || tag == kPositiveSmall ||
        tag == kPositiveLarge) {
        return take_bits(key);
    }
    if (tag >= kNegativeInteger8 && tag < kNegativeInteger8 + 8) {
        return take_integer(key, kNegativeInteger8 + 8 - tag);
    }
    if (tag >= kPositiveInteger1 && tag < kPositiveInteger1 + 8) {
        return take_integer(key, tag - kPositiveInteger1 + 1);
    }
    return std::nullopt;
}

// Zero, NaN, infinities and what no Int64 holds have other forms: such bytes are no key.
bool is_possible(const KeyNumber& number) {
    if (number.is_integer) {
        return number.whole != 0 && number.whole < kSignBit;
    }
    return std::isfinite(number.magnitude) && (number.magnitude > 0 || number.rest);
}

}  // namespace

bool decode_number(
    std::uint8_t tag, KeyBytes& key, TypeBits& types, std::string_view name, Builder& out) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    switch (tag) {
        case kZero:
            return append_zero(types, name, out);
        case kNaN:
            return append_special(std::numeric_limits<double>::quiet_NaN(), types, name, out);
        case kNegativeInfinity:
            return append_special(-kInfinity, types, name, out);
        case kPositiveInfinity:
            return append_special(kInfinity, types, name, out);
        default:
            break;
    }
    const bool negative = is_negative_tag(tag);
    if (negative) {
        key.toggle_inverted();
    }
    std::optional<KeyNumber> number = take_finite(tag, key);
    if (negative) {
        key.toggle_inverted();
    }
    if (!number || key.failed() || !is_possible(*number)) {
        return false;
    }
    number->negative = negative;
    const std::optional<TypeCode> code = types.next();
    return code ? append_as(*code, *number, types, name, out)
                : append_suggested(*number, name, out);
}

}  // namespace plumb::bson::keys
