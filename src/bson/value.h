// SPDX-License-Identifier: GPL-3.0-or-later
// One BSON value: ValueView looks at bytes that somebody else keeps, Value owns its bytes.
//
//   ValueView status = order.find("status");
//   if (status.type() == Type::String && status.as_string() == "delivered") { … }
//   Value kept{status};                       // a copy that outlives the document
//
// Memory   a ValueView is two words and points at the value's wire bytes (without type and name).
// Threads  value types.
#pragma once

#include "base/assert.h"
#include "bson/decimal.h"
#include "bson/object_id.h"
#include "bson/type.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace plumb::bson {

class View;
class ArrayView;

// Binary data with its subtype.
struct BinaryView {
    std::uint8_t subtype;
    std::string_view bytes;
};

// A regular expression; options are sorted letters.
struct RegexView {
    std::string_view pattern;
    std::string_view options;
};

// A timestamp: seconds since the epoch and a counter within the second.
struct Timestamp {
    std::uint32_t seconds = 0;
    std::uint32_t increment = 0;
    auto operator<=>(const Timestamp&) const = default;
};

// Milliseconds since the epoch; a type of its own so that it is no Int64 by accident.
struct Date {
    std::int64_t ms = 0;
    auto operator<=>(const Date&) const = default;
};

// A value in somebody else's bytes. Default: Missing.
//   requires (all as_…): the value has that type, and its bytes were validated where they came in
class ValueView {
  public:
    constexpr ValueView() = default;
    // `data` points at the value's wire bytes, `bytes` of them.
    constexpr ValueView(Type type, const char* data, std::uint32_t bytes)
        : data_(data), bytes_(bytes), type_(type) {}

    [[nodiscard]] constexpr Type type() const { return type_; }
    [[nodiscard]] constexpr bool missing() const { return type_ == Type::Missing; }
    // Missing, Null or Undefined.
    [[nodiscard]] constexpr bool nullish() const {
        return type_ == Type::Missing || type_ == Type::Null || type_ == Type::Undefined;
    }
    [[nodiscard]] constexpr bool is_number() const { return bson::is_number(type_); }

    // The wire bytes of the value, without type and name.
    [[nodiscard]] std::string_view raw() const { return {data_, bytes_}; }

    [[nodiscard]] double as_double() const { return load<double>(Type::Double); }
    [[nodiscard]] std::int32_t as_int32() const { return load<std::int32_t>(Type::Int32); }
    [[nodiscard]] std::int64_t as_int64() const { return load<std::int64_t>(Type::Int64); }
    [[nodiscard]] bool as_bool() const { return load<std::uint8_t>(Type::Bool) != 0; }
    [[nodiscard]] Date as_date() const { return {load<std::int64_t>(Type::Date)}; }
    [[nodiscard]] Timestamp as_timestamp() const;
    [[nodiscard]] Decimal128 as_decimal() const;
    [[nodiscard]] ObjectId as_object_id() const;
    // String, Symbol or Code.
    [[nodiscard]] std::string_view as_string() const;
    [[nodiscard]] BinaryView as_binary() const;
    [[nodiscard]] RegexView as_regex() const;
    [[nodiscard]] View as_document() const;    // Document
    [[nodiscard]] ArrayView as_array() const;  // Array
    [[nodiscard]] View as_container() const;   // Document or Array, as its elements
    // The parts of a DbPointer and of CodeWithScope.
    [[nodiscard]] std::string_view db_pointer_namespace() const;
    [[nodiscard]] ObjectId db_pointer_id() const;
    [[nodiscard]] std::string_view scoped_code() const;
    [[nodiscard]] View code_scope() const;

    // Same type and same bytes; not equality by value (see bson/compare.h).
    [[nodiscard]] bool identical(ValueView other) const {
        return type_ == other.type_ && raw() == other.raw();
    }

  private:
    template <class T>
    [[nodiscard]] T load(Type wanted) const {
        PLUMB_ASSERT(type_ == wanted);
        T out;
        std::memcpy(&out, data_, sizeof out);
        return out;
    }

    const char* data_ = nullptr;
    std::uint32_t bytes_ = 0;
    Type type_ = Type::Missing;
};

// A value that owns its bytes. Default: Missing.
class Value {
  public:
    Value() = default;
    explicit Value(ValueView view) : bytes_(view.raw()), type_(view.type()) {}
    explicit Value(double number);
    explicit Value(std::int32_t number);
    explicit Value(std::int64_t number);
    explicit Value(bool flag);
    explicit Value(std::string_view text);
    explicit Value(const char* text) : Value(std::string_view{text}) {}
    explicit Value(Date date);
    explicit Value(Timestamp timestamp);
    explicit Value(Decimal128 decimal);
    explicit Value(const ObjectId& id);
    // A container of this type (Document or Array) over encoded bytes, which are moved in.
    Value(Type type, std::string bytes) : bytes_(std::move(bytes)), type_(type) {}

    [[nodiscard]] static Value null() { return {Type::Null, {}}; }
    [[nodiscard]] static Value undefined() { return {Type::Undefined, {}}; }
    [[nodiscard]] static Value min_key() { return {Type::MinKey, {}}; }
    [[nodiscard]] static Value max_key() { return {Type::MaxKey, {}}; }

    [[nodiscard]] Type type() const { return type_; }
    [[nodiscard]] bool missing() const { return type_ == Type::Missing; }
    // Valid until this value changes, moves or ends.
    [[nodiscard]] ValueView view() const {
        return {type_, bytes_.data(), static_cast<std::uint32_t>(bytes_.size())};
    }
    operator ValueView() const { return view(); }  // NOLINT: as std::string to string_view

  private:
    std::string bytes_;
    Type type_ = Type::Missing;
};

}  // namespace plumb::bson
