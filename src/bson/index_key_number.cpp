// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers in index keys. Every number is cut towards zero to a double or a 63-bit integer, which is
// written so that it sorts; what a decimal has beyond that follows as decimal digits.
#include "bson/index_key_internal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdlib>

namespace plumb::bson::keys {
namespace {

// The bytes of one number, gathered to be appended at once.
class NumberBytes {
  public:
    explicit NumberBytes(std::uint8_t tag) { bytes_[0] = static_cast<char>(tag); }

    void put(std::uint64_t number, int byte_count) {
        for (int shift = (byte_count - 1) * 8; shift >= 0; shift -= 8) {
            bytes_[count_++] = static_cast<char>(static_cast<std::uint8_t>(number >> shift));
        }
    }

    // Appends them; the magnitude of a negative number is inverted, so that larger sorts lower.
    void append_to(std::string& out, bool negative) {
        if (negative) {
            for (std::size_t i = 1; i < count_; ++i) {
                bytes_[i] = static_cast<char>(~bytes_[i]);
            }
        }
        out.append(bytes_.data(), count_);
    }

  private:
    // tag, 8 of integer, 7 of fraction, 2 of exponent, 16 of digits
    std::array<char, 40> bytes_;
    std::size_t count_ = 1;
};

int bit_width(std::uint64_t number) {
    return static_cast<int>(std::bit_width(number));
}

int bytes_for_bits(int bits) {
    return (bits + 7) / 8;
}

std::uint8_t integer_tag(bool negative, int byte_count) {
    return static_cast<std::uint8_t>(negative ? kNegativeInteger8 + (8 - byte_count)
                                              : kPositiveInteger1 + (byte_count - 1));
}

// The digits of a decimal that is more than its truncation: all of them, left-aligned.
void put_rest(NumberBytes& out, const DecimalDigits& digits) {
    int count = 1;
    while (digits.coefficient >= power_of_ten(count)) {
        ++count;
    }
    const int leading_exponent = digits.exponent + count - 1;
    out.put(static_cast<std::uint64_t>(std::int64_t{leading_exponent} + kDecimalBias), 2);
    const Wide aligned = digits.coefficient * power_of_ten(kDecimalDigits - count);
    const auto high = static_cast<std::uint64_t>(aligned / power_of_ten(kHalfDigits));
    const auto low = static_cast<std::uint64_t>(aligned % power_of_ten(kHalfDigits));
    out.put((high << 1U) | static_cast<std::uint64_t>(low != 0), 8);
    if (low != 0) {
        out.put(low, 8);
    }
}

// 1 <= magnitude < 2^63
void append_integer(Sink& sink, bool negative, std::uint64_t magnitude) {
    const std::uint64_t payload = magnitude << 1U;
    const int byte_count = bytes_for_bits(bit_width(payload));
    NumberBytes out{integer_tag(negative, byte_count)};
    out.put(payload, byte_count);
    out.append_to(sink.bytes, negative);
}

// An integer part with a fraction after it: of a double's bits, of a decimal's rest, or both.
void append_mixed(
    Sink& sink, bool negative, std::uint64_t whole, double fraction, const DecimalDigits* rest) {
    const std::uint64_t payload = (whole << 1U) | 1U;
    const int byte_count = bytes_for_bits(bit_width(payload));
    NumberBytes out{integer_tag(negative, byte_count)};
    out.put(payload, byte_count);
    const int fraction_bits = std::max(0, kDoubleBits - bit_width(whole));
    const double scale = std::bit_cast<double>(static_cast<std::uint64_t>(1023 + fraction_bits)
                                               << 52U);  // 2^fraction_bits
    const auto scaled = static_cast<std::uint64_t>(fraction * scale);
    out.put((scaled << 1U) | static_cast<std::uint64_t>(rest != nullptr),
            bytes_for_bits(fraction_bits + 1));
    if (rest != nullptr) {
        put_rest(out, *rest);
    }
    out.append_to(sink.bytes, negative);
}

// A magnitude below 1 or at least 2^63, by the bits of the double.
void append_bits(Sink& sink, bool negative, double magnitude, const DecimalDigits* rest) {
    const bool large = magnitude >= kTwoTo63;
    const std::uint8_t tag = large ? (negative ? kNegativeLarge : kPositiveLarge)
                                   : (negative ? kNegativeSmall : kPositiveSmall);
    NumberBytes out{tag};
    const auto bits = std::bit_cast<std::uint64_t>(magnitude);
    out.put((bits << 1U) | static_cast<std::uint64_t>(rest != nullptr), 8);
    if (rest != nullptr) {
        put_rest(out, *rest);
    }
    out.append_to(sink.bytes, negative);
}

// A finite magnitude, of which `rest` are the digits if a decimal has more than the double.
// Returns whether it was an integer below 2^63.
bool append_magnitude(Sink& sink, bool negative, double magnitude, const DecimalDigits* rest) {
    if (magnitude < 1.0 || magnitude >= kTwoTo63) {
        append_bits(sink, negative, magnitude, rest);
        return false;
    }
    const auto whole = static_cast<std::uint64_t>(magnitude);
    const double fraction = magnitude - static_cast<double>(whole);
    if (fraction == 0.0 && rest == nullptr) {
        append_integer(sink, negative, whole);
        return true;
    }
    append_mixed(sink, negative, whole, fraction, rest);
    return false;
}

void encode_int32(Sink& sink, std::int32_t number) {
    sink.note_default();
    if (number == 0) {
        sink.put(kZero);
        return;
    }
    append_integer(sink, number < 0, static_cast<std::uint64_t>(std::abs(std::int64_t{number})));
}

void encode_int64(Sink& sink, std::int64_t number) {
    const bool fits_int32 = number >= INT32_MIN && number <= INT32_MAX;
    if (fits_int32 || number == INT64_MIN) {
        sink.note(TypeCode::Int64);
    } else {
        sink.note_default();
    }
    if (number == 0) {
        sink.put(kZero);
    } else if (number == INT64_MIN) {
        append_bits(sink, true, kTwoTo63, nullptr);
    } else {
        append_integer(sink, number < 0, static_cast<std::uint64_t>(std::abs(number)));
    }
}

void encode_double(Sink& sink, double number) {
    if (number == 0.0) {
        sink.put(kZero);
        sink.note(std::signbit(number) ? TypeCode::NegativeZero : TypeCode::Double);
        return;
    }
    if (!std::isfinite(number)) {
        sink.put(std::isnan(number) ? kNaN : (number < 0 ? kNegativeInfinity : kPositiveInfinity));
        sink.note_default();
        return;
    }
    if (append_magnitude(sink, number < 0, std::fabs(number), nullptr)) {
        sink.note(TypeCode::Double);
    } else {
        sink.note_default();
    }
}

// The largest double that is not above the decimal, and whether the decimal is more than it.
struct Truncated {
    double magnitude;
    bool has_rest;
};

Truncated truncate_to_double(Decimal128 magnitude) {
    double nearest = decimal_to_double(magnitude);
    if (std::isinf(nearest)) {
        return {DBL_MAX, true};
    }
    const int order = decimal_compare(decimal_from_double_exact(nearest), magnitude);
    if (order > 0) {
        nearest = std::nextafter(nearest, 0.0);
    }
    return {nearest, order != 0};
}

void note_decimal(Sink& sink, int trailing_zeros) {
    sink.note(TypeCode::Decimal);
    sink.note_byte(static_cast<std::uint8_t>(trailing_zeros));
}

void encode_decimal_zero(Sink& sink, Decimal128 zero) {
    const DecimalParts parts = decimal_parts(zero);
    const auto payload = (static_cast<unsigned>(parts.negative) << 15U) |
                         static_cast<unsigned>(parts.exponent + kDecimalBias);
    sink.put(kZero);
    sink.note(TypeCode::DecimalZero);
    sink.note_byte(static_cast<std::uint8_t>(payload >> 8U));
    sink.note_byte(static_cast<std::uint8_t>(payload));
}

void encode_finite_decimal(Sink& sink, Decimal128 number) {
    const bool negative = decimal_is_negative(number);
    const Decimal128 magnitude = decimal_absolute(number);
    const DecimalDigits digits = decimal_digits(number);
    Truncated cut = truncate_to_double(magnitude);
    if (cut.magnitude >= kTwoTo53 && cut.magnitude < kTwoTo63) {
        // Here an Int64 has digits that a double has not.
        DecimalFlags flags;
        const std::int64_t whole = decimal_to_int64(magnitude, DecimalRounding::ToZero, flags);
        cut.has_rest = decimal_compare(decimal_from_int64(whole), magnitude) != 0;
        if (cut.has_rest) {
            append_mixed(sink, negative, static_cast<std::uint64_t>(whole), 0.0, &digits);
        } else {
            append_integer(sink, negative, static_cast<std::uint64_t>(whole));
        }
    } else {
        append_magnitude(sink, negative, cut.magnitude, cut.has_rest ? &digits : nullptr);
    }
    if (cut.has_rest && digits.trailing_zeros == 0) {
        sink.note_default();
    } else {
        note_decimal(sink, digits.trailing_zeros);
    }
}

void encode_decimal(Sink& sink, Decimal128 number) {
    if (decimal_is_nan(number)) {
        sink.put(kNaN);
        note_decimal(sink, 0);
    } else if (decimal_is_infinite(number)) {
        sink.put(decimal_is_negative(number) ? kNegativeInfinity : kPositiveInfinity);
        note_decimal(sink, 0);
    } else if (decimal_is_zero(number)) {
        encode_decimal_zero(sink, number);
    } else {
        encode_finite_decimal(sink, number);
    }
}

constexpr auto kPowersOfTen = [] {
    std::array<Wide, kDecimalDigits + 1> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i) {
        powers[i] = powers[i - 1] * 10;
    }
    return powers;
}();

}  // namespace

Wide power_of_ten(int exponent) {
    return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

DecimalDigits decimal_digits(Decimal128 value) {
    const DecimalParts parts = decimal_parts(value);
    DecimalDigits out{
        .coefficient = (static_cast<Wide>(parts.coefficient_high) << 64U) | parts.coefficient_low,
        .exponent = parts.exponent,
        .trailing_zeros = 0};
    while (out.coefficient % 10 == 0) {
        out.coefficient /= 10;
        ++out.exponent;
        ++out.trailing_zeros;
    }
    return out;
}

void encode_number(Sink& sink, ValueView number) {
    switch (number.type()) {
        case Type::Int32:
            encode_int32(sink, number.as_int32());
            break;
        case Type::Int64:
            encode_int64(sink, number.as_int64());
            break;
        case Type::Decimal128:
            encode_decimal(sink, number.as_decimal());
            break;
        default:
            encode_double(sink, number.as_double());
    }
}

}  // namespace plumb::bson::keys
