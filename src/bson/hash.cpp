// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/hash.h"

#include "bson/compare.h"
#include "bson/document.h"
#include "bson/number.h"

#include <cmath>
#include <cstring>

namespace plumb::bson {
namespace {

std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccd;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
    return x ^ (x >> 33);
}

std::uint64_t multiply_fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Eight bytes a step; unlike hash_bytes() it may change with any version.
std::uint64_t hash_words(std::string_view bytes, std::uint64_t seed) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    std::uint64_t out = seed ^ (bytes.size() * kOdd);
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        out = multiply_fold(out ^ word, kOdd);
        at += sizeof word;
    }
    if (left > 0) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, left);
        out = multiply_fold(out ^ word, kOdd);
    }
    return mix(out);
}

// Numbers that compare as equal have one double; those that share it without being equal collide,
// which costs a comparison and nothing else.
std::uint64_t hash_number(ValueView number) {
    double as_double = to_double(number);
    if (as_double == 0.0) {
        as_double = 0.0;  // -0.0 equals 0.0
    }
    std::uint64_t bits = 0;
    if (!std::isnan(as_double)) {
        std::memcpy(&bits, &as_double, sizeof bits);
    }
    return mix(bits + 10);
}

}  // namespace

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
    std::uint64_t out = 0xcbf29ce484222325 ^ seed;
    for (const char byte : bytes) {
        out = (out ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3;
    }
    return mix(out);
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
std::uint64_t hash_value(ValueView value) {
    const auto order_class = static_cast<std::uint64_t>(canonical_class(value.type()));
    switch (value.type()) {
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
            return hash_number(value);
        case Type::String:
        case Type::Symbol:
            return hash_words(value.as_string(), order_class);
        case Type::Document:
        case Type::Array: {
            std::uint64_t out = order_class;
            for (const Element& element : value.as_container()) {
                out = mix(out + hash_words(element.name, order_class)) ^ hash_value(element.value);
            }
            return mix(out);
        }
        case Type::CodeWithScope:
            return hash_words(value.scoped_code(), order_class);
        default:
            return hash_words(value.raw(), order_class);
    }
}

bool ValueEqual::operator()(ValueView a, ValueView b) const {
    return equal(a, b);
}

}  // namespace plumb::bson
