// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/type_range.h"

#include "bson/document.h"

#include <cmath>
#include <limits>

namespace plumb::plan {
namespace {

using bson::Type;
using bson::Value;

Interval closed(Value low, Value high) {
    return {.low = std::move(low), .high = std::move(high)};
}

// From the least value of a type up to the least of the next one, without it.
Interval up_to(Value low, Value next) {
    return {.low = std::move(low), .high = std::move(next), .high_inclusive = false};
}

Value empty_document() {
    return Value{bson::View{}.as_value()};
}

Value empty_array() {
    return {Type::Array, std::string{bson::View{}.raw()}};
}

Value empty_binary() {
    return {Type::Binary, std::string(5, '\0')};
}

Value empty_regex() {
    return {Type::Regex, std::string(2, '\0')};
}

Value least_db_pointer() {
    std::string bytes(5 + 12, '\0');
    bytes[0] = 1;
    return {Type::DbPointer, std::move(bytes)};
}

Value empty_code() {
    std::string bytes(5, '\0');
    bytes[0] = 1;
    return {Type::Code, std::move(bytes)};
}

Value greatest_id() {
    bson::ObjectId id;
    id.bytes.fill(0xFF);
    return Value{id};
}

Value least_scoped_code() {
    bson::Document scope;
    std::string bytes(4 + 5, '\0');
    bytes[4] = 1;
    bytes += scope.bytes();
    bytes[0] = static_cast<char>(bytes.size());
    return {Type::CodeWithScope, std::move(bytes)};
}

}  // namespace

Interval type_range(Type type) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    switch (type) {
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
            return closed(Value{-kInfinity}, Value{kInfinity});
        case Type::String:
        case Type::Symbol:
            return up_to(Value{""}, empty_document());
        case Type::Document:
            return up_to(empty_document(), empty_array());
        case Type::Array:
            return up_to(empty_array(), empty_binary());
        case Type::Binary:
            return up_to(empty_binary(), Value{bson::ObjectId{}});
        case Type::ObjectId:
            return closed(Value{bson::ObjectId{}}, greatest_id());
        case Type::Bool:
            return closed(Value{false}, Value{true});
        case Type::Date:
            return closed(Value{bson::Date{std::numeric_limits<std::int64_t>::min()}},
                          Value{bson::Date{std::numeric_limits<std::int64_t>::max()}});
        case Type::Timestamp:
            return closed(Value{bson::Timestamp{}}, Value{bson::Timestamp{~0U, ~0U}});
        case Type::Regex:
            return up_to(empty_regex(), least_db_pointer());
        case Type::DbPointer:
            return up_to(least_db_pointer(), empty_code());
        case Type::Code:
            return up_to(empty_code(), least_scoped_code());
        case Type::CodeWithScope:
            return up_to(least_scoped_code(), Value::max_key());
        case Type::Null:
            return Interval::point(Value::null());
        case Type::Missing:
        case Type::Undefined:
            return Interval::point(Value::undefined());
        case Type::MinKey:
            return Interval::point(Value::min_key());
        case Type::MaxKey:
            return Interval::point(Value::max_key());
    }
    return Interval::everything();
}

Interval all_numbers() {
    return closed(Value{std::numeric_limits<double>::quiet_NaN()},
                  Value{std::numeric_limits<double>::infinity()});
}

}  // namespace plumb::plan
