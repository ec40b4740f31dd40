// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/arbitrary_value_internal.h"
#include "bson/builder.h"
#include "bson/decimal.h"
#include "bson/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace plumb::bson {
namespace {

using rc::Gen;
namespace gen = rc::gen;

constexpr std::int64_t kTwoTo53 = std::int64_t{1} << 53;

Gen<std::int64_t> integers() {
    return gen::oneOf(gen::element<std::int64_t>(0,
                                                 1,
                                                 -1,
                                                 5,
                                                 127,
                                                 128,
                                                 255,
                                                 256,
                                                 32767,
                                                 32768,
                                                 INT32_MAX,
                                                 std::int64_t{INT32_MAX} + 1,
                                                 INT32_MIN,
                                                 std::int64_t{INT32_MIN} - 1,
                                                 kTwoTo53 - 1,
                                                 kTwoTo53,
                                                 kTwoTo53 + 1,
                                                 -kTwoTo53 - 1,
                                                 INT64_MAX,
                                                 INT64_MAX - 1,
                                                 INT64_MIN,
                                                 INT64_MIN + 1,
                                                 1000000000000000000),
                      gen::inRange<std::int64_t>(-300, 300),
                      gen::arbitrary<std::int64_t>());
}

double plain_nan(double number) {
    return std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number;
}

Gen<double> doubles() {
    using Limits = std::numeric_limits<double>;
    return gen::oneOf(
        gen::element(0.0,
                     -0.0,
                     0.1,
                     0.5,
                     1.5,
                     -1.5,
                     0.3,
                     255.5,
                     1e20,
                     1e22,
                     -1e23,
                     9007199254740993.0,
                     9223372036854775808.0,
                     -9223372036854775808.0,
                     9223372036854774784.0,
                     18446744073709551616.0,
                     Limits::denorm_min(),
                     -Limits::denorm_min(),
                     Limits::min(),
                     Limits::max(),
                     Limits::lowest(),
                     Limits::infinity(),
                     -Limits::infinity(),
                     Limits::quiet_NaN(),
                     std::nextafter(1.0, 0.0),
                     std::nextafter(1.0, 2.0),
                     4503599627370495.5,
                     4503599627370496.5),
        gen::map(integers(), [](std::int64_t n) { return static_cast<double>(n); }),
        gen::map(integers(), [](std::int64_t n) { return static_cast<double>(n) / 100; }),
        gen::map(gen::arbitrary<std::uint64_t>(),
                 [](std::uint64_t bits) { return plain_nan(std::bit_cast<double>(bits)); }));
}

Decimal128 decimal(const std::string& text) {
    return *decimal_from_string(text);
}

// Any coefficient with any exponent, so also cohorts: 1, 1.0, 1.00, 10E-1.
Gen<Decimal128> written_decimals() {
    const auto digits =
        gen::oneOf(gen::element<std::string>("0",
                                             "1",
                                             "10",
                                             "100",
                                             "5",
                                             "15",
                                             "999",
                                             "1000000000000000000",
                                             "9223372036854775807",
                                             "92233720368547758075",
                                             "9999999999999999999999999999999999",
                                             "1000000000000000000000000000000000"),
                   gen::map(gen::resize(34, gen::container<std::string>(gen::inRange('0', ':'))),
                            [](const std::string& text) { return "1" + text.substr(0, 33); }));
    const auto exponents = gen::oneOf(gen::inRange(-4, 4),
                                      gen::inRange(-40, 40),
                                      gen::inRange(-6176, 6111),
                                      gen::element(-6176, 6111));
    return gen::map(gen::tuple(gen::element("", "-"), digits, exponents), [](const auto& parts) {
        const auto& [sign, coefficient, exponent] = parts;
        return decimal(sign + coefficient + "E" + std::to_string(exponent));
    });
}

// What a decimal makes of a double, and its neighbours in the last digit.
Gen<Decimal128> decimals_near_doubles() {
    return gen::map(gen::tuple(doubles(), gen::inRange(-1, 2)), [](const auto& parts) {
        const auto [number, step] = parts;
        const Decimal128 near = decimal_from_double_exact(number);
        if (step == 0 || !std::isfinite(number) || number == 0) {
            return decimal_is_nan(near) ? decimal("NaN") : near;
        }
        const auto relative = decimal(step < 0 ? "-1E-33" : "1E-33");
        return decimal_add(near, decimal_multiply(near, relative));
    });
}

Gen<Decimal128> decimals() {
    return gen::oneOf(
        written_decimals(),
        decimals_near_doubles(),
        gen::map(
            doubles(),
            [](double n) { return std::isnan(n) ? decimal("NaN") : decimal_from_double_15(n); }),
        gen::map(integers(), [](std::int64_t n) { return decimal(std::to_string(n) + ".5"); }),
        gen::map(integers(), [](std::int64_t n) { return decimal_from_int64(n); }),
        gen::element(decimal("NaN"),
                     decimal("Infinity"),
                     decimal("-Infinity"),
                     decimal("-0"),
                     decimal("0E+300"),
                     decimal("0.1")));
}

Gen<std::string> texts(Text text) {
    const std::vector<std::string> utf8 = {
        "a", "b", "\x01", "\x02", std::string(1, '\0'), "z", "\xC3\xA9", "\"", "\\", "\n", "\x7F"};
    std::vector<std::string> any = utf8;
    any.insert(any.end(), {"\xFF", "\xFE", "\x80"});
    const auto piece = gen::elementOf(text == Text::Utf8 ? utf8 : any);
    return gen::map(gen::resize(12, gen::container<std::vector<std::string>>(piece)),
                    [](const std::vector<std::string>& pieces) {
                        std::string out;
                        for (const std::string& each : pieces) {
                            out += each;
                        }
                        return out;
                    });
}

Gen<std::string> texts_without_zero(Text text) {
    return gen::map(texts(text), [](std::string out) {
        std::erase(out, '\0');
        return out;
    });
}

Gen<std::string> names() {
    return gen::element<std::string>("", "a", "b", "aa", "a\x01", "ab", "\xC3\xA9");
}

template <class T>
std::string little_endian(T number) {
    std::string out(sizeof number, '\0');
    std::memcpy(out.data(), &number, sizeof number);
    return out;
}

std::string wire_string(const std::string& text) {
    return little_endian(static_cast<std::int32_t>(text.size() + 1)) + text + '\0';
}

ObjectId object_id(std::uint64_t seed) {
    ObjectId out;
    out.bytes[0] = static_cast<std::uint8_t>(seed >> 8U);
    out.bytes[11] = static_cast<std::uint8_t>(seed);
    return out;
}

Gen<Value> strings_and_code(Text text) {
    const auto types = gen::element(Type::String, Type::String, Type::Symbol, Type::Code);
    return gen::map(gen::tuple(types, texts(text)), [](const auto& parts) {
        return Value{std::get<0>(parts), wire_string(std::get<1>(parts))};
    });
}

Gen<Value> binaries(Text text) {
    const auto lengths = gen::element<std::size_t>(0, 0, 0, 200, 254, 255, 256);
    return gen::map(
        gen::tuple(texts(text), lengths, gen::element<char>(0, 2, 4, '\x80')),
        [](const auto& parts) {
            const auto& [head, padding, subtype] = parts;
            const std::string bytes = head + std::string(padding, 'p');
            return Value{Type::Binary,
                         little_endian(static_cast<std::int32_t>(bytes.size())) + subtype + bytes};
        });
}

Gen<Value> regexes(Text text) {
    const auto options = gen::element<std::string>("", "i", "im");
    return gen::map(gen::tuple(texts_without_zero(text), options), [](const auto& parts) {
        return Value{Type::Regex, std::get<0>(parts) + '\0' + std::get<1>(parts) + '\0'};
    });
}

Gen<Value> db_pointers(Text text) {
    return gen::map(
        gen::tuple(texts(text), gen::arbitrary<std::uint64_t>()), [](const auto& parts) {
            const Value id{object_id(std::get<1>(parts))};
            return Value{Type::DbPointer,
                         wire_string(std::get<0>(parts)) + std::string{id.view().raw()}};
        });
}

Gen<Value> fixed_values() {
    return gen::oneOf(gen::element(Value::min_key(),
                                   Value::max_key(),
                                   Value::null(),
                                   Value::undefined(),
                                   Value{true},
                                   Value{false}),
                      gen::map(integers(), [](std::int64_t ms) { return Value{Date{ms}}; }),
                      gen::map(gen::arbitrary<std::uint64_t>(),
                               [](std::uint64_t bits) {
                                   return Value{Timestamp{static_cast<std::uint32_t>(bits >> 32U),
                                                          static_cast<std::uint32_t>(bits)}};
                               }),
                      gen::map(gen::arbitrary<std::uint64_t>(),
                               [](std::uint64_t seed) { return Value{object_id(seed)}; }));
}

using Fields = std::vector<std::tuple<std::string, Value>>;

Document document_of(const Fields& fields) {
    Builder out;
    for (const auto& [name, value] : fields) {
        out.append(name, value);
    }
    return out.finish();
}

// NOLINTNEXTLINE(misc-no-recursion): `depth` counts down
Gen<Fields> field_lists(Text text, int depth) {
    return gen::resize(
        4, gen::container<Fields>(gen::tuple(names(), arbitrary_value(text, depth - 1))));
}

// NOLINTNEXTLINE(misc-no-recursion): `depth` counts down
Gen<Value> containers(Text text, int depth) {
    return gen::oneOf(
        gen::map(field_lists(text, depth),
                 [](const Fields& fields) {
                     return Value{Type::Document, document_of(fields).bytes()};
                 }),
        gen::map(field_lists(text, depth),
                 [](const Fields& fields) {
                     Builder out;
                     for (const auto& field : fields) {
                         out.push(std::get<1>(field));
                     }
                     return out.finish_array();
                 }),
        gen::map(gen::tuple(texts(text), field_lists(text, depth)), [](const auto& parts) {
            const std::string body =
                wire_string(std::get<0>(parts)) + document_of(std::get<1>(parts)).bytes();
            return Value{Type::CodeWithScope,
                         little_endian(static_cast<std::int32_t>(body.size() + 4)) + body};
        }));
}

}  // namespace

Gen<Value> arbitrary_number() {
    return gen::oneOf(
        gen::map(integers(),
                 [](std::int64_t n) { return Value{static_cast<std::int32_t>(n & 0xFFFFFFFF)}; }),
        gen::map(integers(), [](std::int64_t n) { return Value{n}; }),
        gen::map(doubles(), [](double n) { return Value{n}; }),
        gen::map(decimals(), [](Decimal128 n) { return Value{n}; }));
}

// NOLINTNEXTLINE(misc-no-recursion): `depth` counts down
Gen<Value> arbitrary_value(Text text, int depth) {
    const auto scalars = gen::oneOf(arbitrary_number(),
                                    arbitrary_number(),
                                    strings_and_code(text),
                                    strings_and_code(text),
                                    binaries(text),
                                    regexes(text),
                                    db_pointers(text),
                                    fixed_values());
    return depth == 0 ? scalars : gen::oneOf(scalars, scalars, containers(text, depth));
}

void showValue(const Value& value, std::ostream& out) {
    out << to_json(value, JsonMode::Canonical);
}

namespace {

TEST(ArbitraryValue, CoversAllTypes) {
    std::set<Type> seen;
    const bool done = rc::check("every type turns up", [&seen] {
        for (int i = 0; i < 20; ++i) {
            seen.insert((*arbitrary_value(Text::AnyBytes)).type());
        }
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(seen.size(), 21U);
}

}  // namespace
}  // namespace plumb::bson
