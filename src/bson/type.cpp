// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/type.h"

#include <algorithm>
#include <array>

namespace plumb::bson {
namespace {

struct TypeRow {
    Type type;
    std::int64_t number;  // as $type has it; MinKey is -1 there
    std::string_view alias;
    int order_class;
};

// clang-format off
constexpr auto kTypes = std::to_array<TypeRow>({
    {Type::Double,        1,   "double",              10},
    {Type::String,        2,   "string",              15},
    {Type::Document,      3,   "object",              20},
    {Type::Array,         4,   "array",               25},
    {Type::Binary,        5,   "binData",             30},
    {Type::Undefined,     6,   "undefined",           0},
    {Type::ObjectId,      7,   "objectId",            35},
    {Type::Bool,          8,   "bool",                40},
    {Type::Date,          9,   "date",                45},
    {Type::Null,          10,  "null",                5},
    {Type::Regex,         11,  "regex",               50},
    {Type::DbPointer,     12,  "dbPointer",           55},
    {Type::Code,          13,  "javascript",          60},
    {Type::Symbol,        14,  "symbol",              15},
    {Type::CodeWithScope, 15,  "javascriptWithScope", 65},
    {Type::Int32,         16,  "int",                 10},
    {Type::Timestamp,     17,  "timestamp",           47},
    {Type::Int64,         18,  "long",                10},
    {Type::Decimal128,    19,  "decimal",             10},
    {Type::MinKey,        -1,  "minKey",              -1},
    {Type::MaxKey,        127, "maxKey",              127},
});
// clang-format on

constexpr int kMissingClass = 0;

// Indexed by the type's tag, so that comparing two values costs two loads.
constexpr auto kClassByTag = [] {
    std::array<std::int8_t, 256> classes{};
    for (const TypeRow& row : kTypes) {
        classes[static_cast<std::uint8_t>(row.type)] = static_cast<std::int8_t>(row.order_class);
    }
    classes[static_cast<std::uint8_t>(Type::Missing)] = kMissingClass;
    return classes;
}();

}  // namespace

bool is_wire_type(std::uint8_t tag) {
    return (tag >= 0x01 && tag <= 0x13) || tag == 0x7F || tag == 0xFF;
}

std::string_view type_name(Type type) {
    const auto row = std::find_if(
        kTypes.begin(), kTypes.end(), [type](const TypeRow& each) { return each.type == type; });
    return row == kTypes.end() ? "missing" : row->alias;
}

std::optional<Type> type_from_alias(std::string_view alias) {
    const auto row = std::find_if(
        kTypes.begin(), kTypes.end(), [alias](const TypeRow& each) { return each.alias == alias; });
    return row == kTypes.end() ? std::nullopt : std::optional{row->type};
}

std::optional<Type> type_from_number(std::int64_t number) {
    const auto row = std::find_if(kTypes.begin(), kTypes.end(), [number](const TypeRow& each) {
        return each.number == number;
    });
    return row == kTypes.end() ? std::nullopt : std::optional{row->type};
}

int canonical_class(Type type) {
    return kClassByTag[static_cast<std::uint8_t>(type)];
}

}  // namespace plumb::bson
