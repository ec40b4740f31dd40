// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::bson {
namespace {

Document document(std::string_view json) {
    return *from_json(json);
}

struct Written {
    std::string json;       // {"": value}
    std::string hex;        // bytes of the ascending key
    std::string type_bits;  // hexadecimal
};

// The form on disk: a change here needs a new version of the format.
const Written kWritten[] = {
    {R"({"": {"$minKey": 1}})", "04", ""},
    {R"({"": {"$undefined": true}})", "06", ""},
    {R"({"": null})", "08", ""},
    {R"({"": {"$numberDouble": "NaN"}})", "10", ""},
    {R"({"": {"$numberDecimal": "NaN"}})", "10", "0300"},
    {R"({"": {"$numberDouble": "-Infinity"}})", "12", ""},
    {R"({"": {"$numberLong": "-9223372036854775808"}})", "14783fffffffffffff", "00"},
    {R"({"": -1})", "1dfd", ""},
    {R"({"": -0.5})", "1e803fffffffffffff", ""},
    {R"({"": 0})", "20", ""},
    {R"({"": {"$numberLong": "0"}})", "20", "00"},
    {R"({"": 0.0})", "20", "01"},
    {R"({"": -0.0})", "20", "02"},
    {R"({"": {"$numberDecimal": "-0E+3"}})", "20", "049823"},
    {R"({"": 0.5})", "227fc0000000000000", ""},
    {R"({"": 1})", "2302", ""},
    {R"({"": {"$numberLong": "1"}})", "2302", "00"},
    {R"({"": 1.0})", "2302", "01"},
    {R"({"": {"$numberDecimal": "1.00"}})", "2302", "0302"},
    {R"({"": 127})", "23fe", ""},
    {R"({"": 128})", "240100", ""},
    {R"({"": 1.5})", "230310000000000000", ""},
    {R"({"": 9223372036854775807})", "2afffffffffffffffe", ""},
    {R"({"": 1e300})", "2cfc6fc8791000eb38", ""},
    {R"({"": {"$numberDecimal": "1.2"}})", "2303066666666666671820005543df729c0000", ""},
    {R"({"": "ab"})", "40616200", ""},
    {R"({"": {"$symbol": "ab"}})", "40616200", "05"},
    {R"({"": "\u0000\u0001\u0002"})", "40010101020200", ""},
    {R"({"": {}})", "4400", ""},
    {R"({"": {"a": 1}})", "440c6100230200", ""},
    {R"({"": [1, "x"]})", "48230240780000", ""},
    {R"({"": {"$binary": {"base64": "AQI=", "subType": "80"}}})", "4c02800102", ""},
    {R"({"": {"$oid": "5f3e8c0a1b2c3d4e5f607182"}})", "505f3e8c0a1b2c3d4e5f607182", ""},
    {R"({"": false})", "54", ""},
    {R"({"": true})", "55", ""},
    {R"({"": {"$date": {"$numberLong": "-1"}}})", "587fffffffffffffff", ""},
    {R"({"": {"$timestamp": {"t": 1, "i": 2}}})", "5c0000000100000002", ""},
    {R"({"": {"$regularExpression": {"pattern": "a", "options": "i"}}})", "6061006900", ""},
    {R"({"": {"$code": "a"}})", "686100", ""},
    {R"({"": {"$code": "a", "$scope": {}}})", "6c610000", ""},
    {R"({"": {"$maxKey": 1}})", "f0", ""},
};

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char byte : bytes) {
        const auto number = static_cast<std::uint8_t>(byte);
        out.push_back(kDigits[number >> 4U]);
        out.push_back(kDigits[number & 0xFU]);
    }
    return out;
}

TEST(IndexKey, IsWrittenInThisForm) {
    for (const Written& written : kWritten) {
        const Document holder = document(written.json);
        KeyString key;
        key.append(holder.find(""), Order::Ascending);
        EXPECT_EQ(hex(key.bytes()), written.hex) << written.json;
        EXPECT_EQ(hex(key.type_bits()), written.type_bits) << written.json;
    }
}

TEST(IndexKey, InvertsDescendingFields) {
    KeyString key;
    key.append(Value{"ab"}, Order::Descending);
    key.append(Value{1}, Order::Ascending);
    EXPECT_EQ(hex(key.bytes()), "bf9e9dff2302");
    key.append_after();
    EXPECT_EQ(hex(key.bytes()), "bf9e9dff2302ff");
    key.clear();
    EXPECT_TRUE(key.bytes().empty());
}

TEST(IndexKey, CountsValuesBetweenTypeBits) {
    KeyString key;
    for (int i = 0; i < 200; ++i) {
        key.append(Value{1}, Order::Ascending);
    }
    key.append(Value{1.0}, Order::Ascending);
    EXPECT_EQ(hex(key.type_bits()), "f9a901");  // 31 in the entry and 169 after it
}

TEST(IndexKey, GivesAnErrorForBytesThatAreNoNumber) {
    const KeyPattern pattern = *KeyPattern::parse(document("{a: 1}"));
    KeyString one;
    one.append(Value{*decimal_from_string("1")}.view(), Order::Ascending);
    KeyString half;
    half.append(Value{0.5}.view(), Order::Ascending);
    for (const char fill : {'\x00', '\xff'}) {
        // A magnitude of zero, and one of NaN: both have forms of their own.
        std::string bytes{half.bytes().substr(0, 1)};
        bytes.append(7, fill).push_back(static_cast<char>(fill & ~1));
        Builder out;
        EXPECT_FALSE(decode_key(bytes, one.type_bits(), pattern, {}, out).ok());
    }
}

TEST(IndexKey, DecodesUnderTheNamesGiven) {
    const KeyPattern pattern = *KeyPattern::parse(document("{a: 1, 'b.c': -1}"));
    KeyString key;
    key.append(Value{"x"}, Order::Ascending);
    key.append(Value{2.0}, Order::Descending);
    Builder named;
    ASSERT_TRUE(decode_key(key.bytes(), key.type_bits(), pattern, {"a", "b.c"}, named).ok());
    EXPECT_EQ(to_json(named.finish()), R"({"a": "x", "b.c": 2.0})");
    Builder unnamed;
    ASSERT_TRUE(decode_key(key.bytes(), key.type_bits(), pattern, {}, unnamed).ok());
    EXPECT_EQ(to_json(unnamed.finish()), R"({"": "x", "": 2.0})");
    Builder longer;
    const Status refused =
        decode_key(std::string{key.bytes()} + "x", key.type_bits(), pattern, {}, longer);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), ErrorCode::DataVersionMismatch);
}

}  // namespace
}  // namespace plumb::bson
