// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"

#include "bson/number.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace plumb::bson {
namespace {

template <class T>
int order_of(const T& a, const T& b) {
    return a < b ? -1 : (b < a ? 1 : 0);
}

int compare_bytes(std::string_view a, std::string_view b) {
    const std::size_t shared = std::min(a.size(), b.size());
    const int head = shared == 0 ? 0 : std::memcmp(a.data(), b.data(), shared);
    return head != 0 ? head : order_of(a.size(), b.size());
}

int compare_doubles(double a, double b) {
    if (std::isnan(a) || std::isnan(b)) {
        return order_of(!std::isnan(a), !std::isnan(b));
    }
    return order_of(a, b);
}

// A 64-bit integer against a double without losing digits of either.
int compare_int_double(std::int64_t a, double b) {
    if (std::isnan(b)) {
        return 1;
    }
    constexpr double kTwoTo63 = 9223372036854775808.0;
    if (b >= kTwoTo63) {
        return -1;
    }
    if (b < -kTwoTo63) {
        return 1;
    }
    const auto whole = static_cast<std::int64_t>(b);
    if (a != whole) {
        return order_of(a, whole);
    }
    return order_of(0.0, b - static_cast<double>(whole));
}

Decimal128 exact_decimal(ValueView number) {
    return number.type() == Type::Double ? decimal_from_double_exact(number.as_double())
                                         : to_decimal(number);
}

// A double has up to 767 significant digits and a decimal 34: where the rounded forms meet, the
// double's own side of the decimal decides.
int compare_decimal_double(Decimal128 a, double b) {
    if (std::isnan(b) || decimal_is_nan(a)) {
        return order_of(!decimal_is_nan(a), !std::isnan(b));
    }
    if (std::isinf(b)) {
        return decimal_compare(a, decimal_from_double_exact(b));
    }
    const int rough = decimal_compare(a, decimal_from_double_exact(b));
    if (rough != 0) {
        return rough;
    }
    return order_of(decimal_to_double(a), b);
}

std::int64_t integer_of(ValueView number) {
    return number.type() == Type::Int32 ? number.as_int32() : number.as_int64();
}

int compare_binary(BinaryView a, BinaryView b) {
    if (a.bytes.size() != b.bytes.size()) {
        return order_of(a.bytes.size(), b.bytes.size());
    }
    if (a.subtype != b.subtype) {
        return order_of(a.subtype, b.subtype);
    }
    return compare_bytes(a.bytes, b.bytes);
}

int compare_regex(RegexView a, RegexView b) {
    const int pattern = compare_bytes(a.pattern, b.pattern);
    return pattern != 0 ? pattern : compare_bytes(a.options, b.options);
}

int compare_db_pointers(ValueView a, ValueView b) {
    if (a.raw().size() != b.raw().size()) {
        return order_of(a.raw().size(), b.raw().size());
    }
    return compare_bytes(a.raw(), b.raw());
}

int compare_scoped_code(ValueView a, ValueView b) {
    const int code = compare_bytes(a.scoped_code(), b.scoped_code());
    return code != 0 ? code : compare(a.code_scope(), b.code_scope());
}

// Both are of one canonical class, and no numbers.
int compare_same_class(ValueView a, ValueView b) {
    switch (a.type()) {
        case Type::String:
        case Type::Symbol:
        case Type::Code:
            return compare_bytes(a.as_string(), b.as_string());
        case Type::Document:
        case Type::Array:
            return compare(a.as_container(), b.as_container());
        case Type::Binary:
            return compare_binary(a.as_binary(), b.as_binary());
        case Type::ObjectId:
            return compare_bytes(a.raw(), b.raw());
        case Type::Bool:
            return order_of(a.as_bool(), b.as_bool());
        case Type::Date:
            return order_of(a.as_date(), b.as_date());
        case Type::Regex:
            return compare_regex(a.as_regex(), b.as_regex());
        case Type::DbPointer:
            return compare_db_pointers(a, b);
        case Type::CodeWithScope:
            return compare_scoped_code(a, b);
        case Type::Timestamp:
            return order_of(a.as_timestamp(), b.as_timestamp());
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
            return compare_numbers(a, b);
        case Type::Missing:
        case Type::Undefined:
        case Type::Null:
        case Type::MaxKey:
        case Type::MinKey:
            return 0;
    }
    return 0;
}

}  // namespace

int compare_numbers(ValueView a, ValueView b) {
    if (a.type() == Type::Decimal128 || b.type() == Type::Decimal128) {
        if (a.type() == Type::Double) {
            return -compare_decimal_double(b.as_decimal(), a.as_double());
        }
        if (b.type() == Type::Double) {
            return compare_decimal_double(a.as_decimal(), b.as_double());
        }
        return decimal_compare(exact_decimal(a), exact_decimal(b));
    }
    if (a.type() == Type::Double) {
        return b.type() == Type::Double ? compare_doubles(a.as_double(), b.as_double())
                                        : -compare_int_double(integer_of(b), a.as_double());
    }
    return b.type() == Type::Double ? compare_int_double(integer_of(a), b.as_double())
                                    : order_of(integer_of(a), integer_of(b));
}

int compare(ValueView a, ValueView b) {
    if (a.type() != b.type()) {
        const int a_class = canonical_class(a.type());
        const int b_class = canonical_class(b.type());
        if (a_class != b_class) {
            return a_class < b_class ? -1 : 1;
        }
    }
    return compare_same_class(a, b);
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
int compare(View a, View b) {
    Iterator left = a.begin();
    Iterator right = b.begin();
    while (left != a.end() && right != b.end()) {
        const int classes =
            order_of(canonical_class(left->value.type()), canonical_class(right->value.type()));
        if (classes != 0) {
            return classes;
        }
        if (const int names = compare_bytes(left->name, right->name); names != 0) {
            return names;
        }
        if (const int values = compare_same_class(left->value, right->value); values != 0) {
            return values;
        }
        ++left;
        ++right;
    }
    return order_of(left != a.end(), right != b.end());
}

}  // namespace plumb::bson
