// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/decimal.h"

#include "base/assert.h"
#include "bson/decimal_log2.h"

#include <bid_conf.h>
#include <bid_functions.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace plumb::bson {
namespace {

constexpr unsigned kNearestEven = 0;  // Intel's numbers for rounding modes
constexpr int kExponentBias = 6176;
constexpr int kDigitsMax = 34;

BID_UINT128 to_bid(Decimal128 value) {
    BID_UINT128 out;
    out.w[0] = value.low;
    out.w[1] = value.high;
    return out;
}

Decimal128 from_bid(BID_UINT128 value) {
    return {value.w[0], value.w[1]};
}

DecimalFlags flags_from(unsigned flags) {
    return {.invalid = (flags & 0x01U) != 0,
            .divide_by_zero = (flags & 0x04U) != 0,
            .overflow = (flags & 0x08U) != 0,
            .inexact = (flags & 0x20U) != 0};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equals_folded(std::string_view text, std::string_view lower_case) {
    if (text.size() != lower_case.size()) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (lower(text[i]) != lower_case[i]) {
            return false;
        }
    }
    return true;
}

// digits [. digits] [e [sign] digits], with at least one digit before the exponent
bool is_plain_number(std::string_view text) {
    std::size_t at = 0;
    std::size_t digits = 0;
    while (at < text.size() && is_digit(text[at])) {
        ++at, ++digits;
    }
    if (at < text.size() && text[at] == '.') {
        ++at;
        while (at < text.size() && is_digit(text[at])) {
            ++at, ++digits;
        }
    }
    if (digits == 0) {
        return false;
    }
    if (at == text.size()) {
        return true;
    }
    if (lower(text[at]) != 'e') {
        return false;
    }
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
        ++at;
    }
    const std::size_t exponent_start = at;
    while (at < text.size() && is_digit(text[at])) {
        ++at;
    }
    return at == text.size() && at > exponent_start;
}

// The decimal digits of a coefficient, without leading zeros but for zero itself.
std::string coefficient_digits(std::uint64_t high, std::uint64_t low) {
    __extension__ using Wide = unsigned __int128;
    Wide coefficient = (static_cast<Wide>(high) << 64) | low;
    std::array<char, kDigitsMax + 5> digits;
    std::size_t at = digits.size();
    do {
        digits[--at] = static_cast<char>('0' + static_cast<int>(coefficient % 10));
        coefficient /= 10;
    } while (coefficient != 0);
    return {digits.data() + at, digits.size() - at};
}

std::string scientific(const std::string& digits, int adjusted) {
    std::string out = digits.substr(0, 1);
    if (digits.size() > 1) {
        out.append(".").append(digits, 1);
    }
    out.append(adjusted < 0 ? "E" : "E+").append(std::to_string(adjusted));
    return out;
}

std::string positional(const std::string& digits, int exponent) {
    if (exponent == 0) {
        return digits;
    }
    const int point = static_cast<int>(digits.size()) + exponent;
    if (point > 0) {
        const auto whole = static_cast<std::size_t>(point);
        return digits.substr(0, whole) + "." + digits.substr(whole);
    }
    return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
}

}  // namespace

std::optional<Decimal128> decimal_from_string(std::string_view text) {
    std::string_view body = text;
    const bool negative = !body.empty() && body.front() == '-';
    if (!body.empty() && (body.front() == '-' || body.front() == '+')) {
        body.remove_prefix(1);
    }
    std::string readable{negative ? "-" : ""};
    if (equals_folded(body, "nan")) {
        readable = "NaN";
    } else if (equals_folded(body, "inf") || equals_folded(body, "infinity")) {
        readable.append("Inf");
    } else if (is_plain_number(body)) {
        readable.append(body);
    } else {
        return std::nullopt;
    }
    unsigned flags = 0;
    return from_bid(bid128_from_string(readable.data(), kNearestEven, &flags));
}

std::string decimal_to_string(Decimal128 value) {
    if (decimal_is_nan(value)) {
        return "NaN";
    }
    const std::string sign = decimal_is_negative(value) ? "-" : "";
    if (decimal_is_infinite(value)) {
        return sign + "Infinity";
    }
    const DecimalParts parts = decimal_parts(value);
    const std::string digits = coefficient_digits(parts.coefficient_high, parts.coefficient_low);
    const int adjusted = parts.exponent + static_cast<int>(digits.size()) - 1;
    // The rule of the BSON decimal128 specification, "To-String Representation".
    if (parts.exponent > 0 || adjusted < -6) {
        return sign + scientific(digits, adjusted);
    }
    return sign + positional(digits, parts.exponent);
}

Decimal128 decimal_from_int64(std::int64_t value) {
    return from_bid(bid128_from_int64(value));
}

Decimal128 decimal_from_double_15(double value) {
    if (std::isnan(value) || std::isinf(value) || value == 0.0) {
        return decimal_from_double_exact(value);
    }
    constexpr int kFractionDigits = 14;
    std::array<char, 40> text;
    const auto [end, problem] = std::to_chars(text.data(),
                                              text.data() + text.size(),
                                              value,
                                              std::chars_format::scientific,
                                              kFractionDigits);
    PLUMB_ASSERT(problem == std::errc{});
    const auto parsed =
        decimal_from_string({text.data(), static_cast<std::size_t>(end - text.data())});
    PLUMB_ASSERT(parsed.has_value());
    return *parsed;
}

Decimal128 decimal_from_double_exact(double value) {
    unsigned flags = 0;
    return from_bid(binary64_to_bid128(value, kNearestEven, &flags));
}

double decimal_to_double(Decimal128 value, DecimalFlags* flags) {
    unsigned raised = 0;
    const double out = bid128_to_binary64(to_bid(value), kNearestEven, &raised);
    if (flags != nullptr) {
        *flags = flags_from(raised);
    }
    return out;
}

std::int64_t decimal_to_int64(Decimal128 value, DecimalRounding rounding, DecimalFlags& flags) {
    unsigned raised = 0;
    std::int64_t out = 0;
    switch (rounding) {
        case DecimalRounding::NearestEven:
            out = bid128_to_int64_rnint(to_bid(value), &raised);
            break;
        case DecimalRounding::Down:
            out = bid128_to_int64_floor(to_bid(value), &raised);
            break;
        case DecimalRounding::Up:
            out = bid128_to_int64_ceil(to_bid(value), &raised);
            break;
        case DecimalRounding::ToZero:
            out = bid128_to_int64_int(to_bid(value), &raised);
            break;
        case DecimalRounding::NearestAway:
            out = bid128_to_int64_rninta(to_bid(value), &raised);
            break;
    }
    flags = flags_from(raised);
    return out;
}

bool decimal_is_nan(Decimal128 value) {
    return bid128_isNaN(to_bid(value)) != 0;
}

bool decimal_is_infinite(Decimal128 value) {
    return bid128_isInf(to_bid(value)) != 0;
}

bool decimal_is_zero(Decimal128 value) {
    return bid128_isZero(to_bid(value)) != 0;
}

bool decimal_is_negative(Decimal128 value) {
    return bid128_isSigned(to_bid(value)) != 0;
}

int decimal_compare(Decimal128 a, Decimal128 b) {
    const bool a_is_nan = decimal_is_nan(a);
    const bool b_is_nan = decimal_is_nan(b);
    if (a_is_nan || b_is_nan) {
        return static_cast<int>(!a_is_nan) - static_cast<int>(!b_is_nan);
    }
    unsigned flags = 0;
    if (bid128_quiet_less(to_bid(a), to_bid(b), &flags) != 0) {
        return -1;
    }
    return bid128_quiet_greater(to_bid(a), to_bid(b), &flags) != 0 ? 1 : 0;
}

Decimal128 decimal_add(Decimal128 a, Decimal128 b) {
    unsigned flags = 0;
    return from_bid(bid128_add(to_bid(a), to_bid(b), kNearestEven, &flags));
}

Decimal128 decimal_subtract(Decimal128 a, Decimal128 b) {
    unsigned flags = 0;
    return from_bid(bid128_sub(to_bid(a), to_bid(b), kNearestEven, &flags));
}

Decimal128 decimal_multiply(Decimal128 a, Decimal128 b, DecimalFlags* flags) {
    unsigned raised = 0;
    const Decimal128 out = from_bid(bid128_mul(to_bid(a), to_bid(b), kNearestEven, &raised));
    if (flags != nullptr) {
        *flags = flags_from(raised);
    }
    return out;
}

Decimal128 decimal_divide(Decimal128 a, Decimal128 b) {
    unsigned flags = 0;
    return from_bid(bid128_div(to_bid(a), to_bid(b), kNearestEven, &flags));
}

Decimal128 decimal_remainder(Decimal128 a, Decimal128 b) {
    unsigned flags = 0;
    return from_bid(bid128_fmod(to_bid(a), to_bid(b), &flags));
}

Decimal128 decimal_absolute(Decimal128 a) {
    return from_bid(bid128_abs(to_bid(a)));
}

Decimal128 decimal_negate(Decimal128 a) {
    return from_bid(bid128_negate(to_bid(a)));
}

Decimal128 decimal_quantize(Decimal128 value, Decimal128 reference, DecimalRounding rounding) {
    // Intel's numbers: 0 nearest even, 1 down, 2 up, 3 to zero, 4 nearest away: our order.
    unsigned flags = 0;
    return from_bid(
        bid128_quantize(to_bid(value), to_bid(reference), static_cast<unsigned>(rounding), &flags));
}

Decimal128 decimal_round_to_integer(Decimal128 value, DecimalRounding rounding) {
    unsigned flags = 0;
    const BID_UINT128 in = to_bid(value);
    switch (rounding) {
        case DecimalRounding::NearestEven:
            return from_bid(bid128_round_integral_nearest_even(in, &flags));
        case DecimalRounding::Down:
            return from_bid(bid128_round_integral_negative(in, &flags));
        case DecimalRounding::Up:
            return from_bid(bid128_round_integral_positive(in, &flags));
        case DecimalRounding::ToZero:
            return from_bid(bid128_round_integral_zero(in, &flags));
        case DecimalRounding::NearestAway:
            return from_bid(bid128_round_integral_nearest_away(in, &flags));
    }
    assertion_failed("a rounding mode", __FILE__, __LINE__);
}

Decimal128 decimal_function(DecimalFunction function, Decimal128 value) {
    using Unary = BID_UINT128 (*)(BID_UINT128, unsigned, unsigned*);
    // In the order of the enumeration.
    static constexpr auto kFunctions = std::to_array<Unary>({
        bid128_sqrt,
        bid128_exp,
        bid128_log,
        bid128_log10,
        bid128_sin,
        bid128_cos,
        bid128_tan,
        bid128_asin,
        bid128_acos,
        bid128_atan,
        bid128_sinh,
        bid128_cosh,
        bid128_tanh,
        bid128_asinh,
        bid128_acosh,
        bid128_atanh,
    });
    unsigned flags = 0;
    return from_bid(
        kFunctions.at(static_cast<std::size_t>(function))(to_bid(value), kNearestEven, &flags));
}

Decimal128 decimal_log2(Decimal128 value) {
    unsigned flags = 0;
    return from_bid(bid128_log2(to_bid(value), kNearestEven, &flags));
}

Decimal128 decimal_power(Decimal128 base, Decimal128 exponent) {
    unsigned flags = 0;
    return from_bid(bid128_pow(to_bid(base), to_bid(exponent), kNearestEven, &flags));
}

Decimal128 decimal_atan2(Decimal128 y, Decimal128 x) {
    unsigned flags = 0;
    return from_bid(bid128_atan2(to_bid(y), to_bid(x), kNearestEven, &flags));
}

DecimalParts decimal_parts(Decimal128 value) {
    PLUMB_ASSERT(!decimal_is_nan(value) && !decimal_is_infinite(value));
    DecimalParts out{};
    out.negative = (value.high >> 63) != 0;
    if (((value.high >> 61) & 3) == 3) {
        // The second form holds coefficients past 10^34, which IEEE reads as zero.
        out.exponent = static_cast<int>((value.high >> 47) & 0x3FFF) - kExponentBias;
        return out;
    }
    out.exponent = static_cast<int>((value.high >> 49) & 0x3FFF) - kExponentBias;
    out.coefficient_high = value.high & 0x1FFFFFFFFFFFF;
    out.coefficient_low = value.low;
    return out;
}

}  // namespace plumb::bson
