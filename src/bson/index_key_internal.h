// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of index keys share: tags, type bits, the sink that keys are written to.
//
// Format   docs/formats/index_key.md, version 1. On disk: numbers here never change.
#pragma once

#include "bson/decimal.h"
#include "bson/value.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::bson::keys {

// First byte of an ascending field. Gaps are room for later.
enum Tag : std::uint8_t {
    kEnd = 0x00,  // closes a document or array; never a field's first byte
    kMinKey = 0x04,
    kUndefined = 0x06,
    kNull = 0x08,
    kNaN = 0x10,
    kNegativeInfinity = 0x12,
    kNegativeLarge = 0x14,     // magnitude at least 2^63
    kNegativeInteger8 = 0x16,  // … 0x1D: magnitude from 1 to 2^63, 8 … 1 bytes follow
    kNegativeSmall = 0x1E,     // magnitude below 1
    kZero = 0x20,
    kPositiveSmall = 0x22,
    kPositiveInteger1 = 0x23,  // … 0x2A: 1 … 8 bytes follow
    kPositiveLarge = 0x2C,
    kPositiveInfinity = 0x2E,
    kString = 0x40,
    kDocument = 0x44,
    kArray = 0x48,
    kBinary = 0x4C,
    kObjectId = 0x50,
    kFalse = 0x54,
    kTrue = 0x55,
    kDate = 0x58,
    kTimestamp = 0x5C,
    kRegex = 0x60,
    kDbPointer = 0x64,
    kCode = 0x68,
    kCodeWithScope = 0x6C,
    kMaxKey = 0xF0,
};

// Strings: 0x00 ends, and what would be mistaken for an end or an escape is two bytes.
inline constexpr std::uint8_t kEscape = 0x01;
inline constexpr std::uint8_t kEscapedZero = 0x01;
inline constexpr std::uint8_t kEscapedOne = 0x02;

// Lengths up to 254 are one byte; 0xFF is followed by four.
inline constexpr std::uint8_t kLongLength = 0xFF;

// Why a value is not of the type that its key bytes suggest. An entry is one byte, code | skip <<
// 3, where skip counts the values since the last entry that are of the suggested type.
enum class TypeCode : std::uint8_t {
    Int64 = 0,
    Double = 1,
    NegativeZero = 2,  // the double -0.0
    Decimal = 3,       // one byte follows: trailing zeros of the coefficient
    DecimalZero = 4,   // two bytes follow: sign << 15 | biased exponent
    Symbol = 5,
};
inline constexpr unsigned kSkipShift = 3;
inline constexpr std::uint32_t kSkipInline = 31;  // then a varint of the skip beyond 31 follows

// A number between 2^53 and 2^63 has no fraction bits as a double.
inline constexpr int kDoubleBits = 53;
inline constexpr double kTwoTo53 = 9007199254740992.0;
inline constexpr double kTwoTo63 = 9223372036854775808.0;
inline constexpr int kDecimalBias = 6176;
inline constexpr int kDecimalDigits = 34;
inline constexpr int kHalfDigits = 17;

__extension__ using Wide = unsigned __int128;

// 10^exponent for 0 … 34.
[[nodiscard]] Wide power_of_ten(int exponent);

// A finite decimal other than zero: coefficient · 10^exponent without trailing zeros, and how many
// it was written with.
struct DecimalDigits {
    Wide coefficient;
    int exponent;
    int trailing_zeros;
};
[[nodiscard]] DecimalDigits decimal_digits(Decimal128 value);

// Where a key goes.
struct Sink {
    std::string& bytes;
    std::string& type_bits;
    std::uint32_t& defaults;  // values since the last entry of the type bits

    void put(std::uint8_t byte) { bytes.push_back(static_cast<char>(byte)); }
    void note_default() { ++defaults; }
    void note(TypeCode code);
    void note_byte(std::uint8_t payload) { type_bits.push_back(static_cast<char>(payload)); }
};

// The field in ascending order.
void encode_value(Sink& sink, ValueView value);
void encode_number(Sink& sink, ValueView number);

// Turns what stands from `start` on into descending order, or back.
void invert(std::string& bytes, std::size_t start);

}  // namespace plumb::bson::keys
