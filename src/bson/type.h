// SPDX-License-Identifier: GPL-3.0-or-later
// The types of BSON values.
//
// Source   bsonspec.org, version 1.1
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::bson {

// Numbers are those of the wire, except Missing: "there is no such value", never on the wire.
enum class Type : std::uint8_t {
    Missing = 0x00,
    Double = 0x01,
    String = 0x02,
    Document = 0x03,
    Array = 0x04,
    Binary = 0x05,
    Undefined = 0x06,
    ObjectId = 0x07,
    Bool = 0x08,
    Date = 0x09,
    Null = 0x0A,
    Regex = 0x0B,
    DbPointer = 0x0C,
    Code = 0x0D,
    Symbol = 0x0E,
    CodeWithScope = 0x0F,
    Int32 = 0x10,
    Timestamp = 0x11,
    Int64 = 0x12,
    Decimal128 = 0x13,
    MaxKey = 0x7F,
    MinKey = 0xFF,
};

// True for the numbers that appear on the wire.
[[nodiscard]] bool is_wire_type(std::uint8_t tag);

// The name that $type and error messages use: "double", "string", "object", … ; "missing".
[[nodiscard]] std::string_view type_name(Type type);

// The type of a $type alias ("int", "objectId", …, not "number"); nothing if there is none.
[[nodiscard]] std::optional<Type> type_from_alias(std::string_view alias);

// The type of a $type number (-1 is MinKey, 127 MaxKey); nothing if there is none.
[[nodiscard]] std::optional<Type> type_from_number(std::int64_t number);

[[nodiscard]] constexpr bool is_number(Type type) {
    return type == Type::Double || type == Type::Int32 || type == Type::Int64 ||
           type == Type::Decimal128;
}

// The place of a type among all types in sort order. Types of one class compare with each other by
// value: the four numbers; String and Symbol; Missing and Undefined come before Null.
//   MinKey -1 · Missing, Undefined 0 · Null 5 · numbers 10 · String, Symbol 15 · Document 20 ·
//   Array 25 · Binary 30 · ObjectId 35 · Bool 40 · Date 45 · Timestamp 47 · Regex 50 ·
//   DbPointer 55 · Code 60 · CodeWithScope 65 · MaxKey 127
[[nodiscard]] int canonical_class(Type type);

}  // namespace plumb::bson
