// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/values.h"

#include <charconv>
#include <cstring>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

template <class T>
ValueView make(Arena& arena, Type type, const T& number) {
    char* at = arena.allocate(sizeof number);
    std::memcpy(at, &number, sizeof number);
    return {type, at, sizeof number};
}

void put_length(char* at, std::size_t bytes) {
    const auto length = static_cast<std::int32_t>(bytes);
    std::memcpy(at, &length, sizeof length);
}

ValueView close(ArenaBytes& bytes, Type type) {
    bytes.append('\0');
    put_length(bytes.data(), bytes.size());
    return {type, bytes.data(), static_cast<std::uint32_t>(bytes.size())};
}

}  // namespace

ValueView make_null() {
    return {Type::Null, "", 0};
}

ValueView make_bool(bool flag) {
    return {Type::Bool, flag ? "\1" : "\0", 1};
}

ValueView make_int32(Arena& arena, std::int32_t number) {
    return make(arena, Type::Int32, number);
}

ValueView make_int64(Arena& arena, std::int64_t number) {
    return make(arena, Type::Int64, number);
}

ValueView make_int_or_long(Arena& arena, std::int64_t number) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (number >= Limits::min() && number <= Limits::max()) {
        return make_int32(arena, static_cast<std::int32_t>(number));
    }
    return make_int64(arena, number);
}

ValueView make_double(Arena& arena, double number) {
    return make(arena, Type::Double, number);
}

ValueView make_decimal(Arena& arena, bson::Decimal128 number) {
    char* at = arena.allocate(16);
    std::memcpy(at, &number.low, 8);
    std::memcpy(at + 8, &number.high, 8);
    return {Type::Decimal128, at, 16};
}

ValueView make_date(Arena& arena, bson::Date date) {
    return make(arena, Type::Date, date.ms);
}

ValueView make_object_id(Arena& arena, const bson::ObjectId& id) {
    char* at = arena.allocate(id.bytes.size());
    std::memcpy(at, id.bytes.data(), id.bytes.size());
    return {Type::ObjectId, at, static_cast<std::uint32_t>(id.bytes.size())};
}

ValueView make_string(Arena& arena, std::string_view text) {
    const std::size_t bytes = 4 + text.size() + 1;
    char* at = arena.allocate(bytes);
    put_length(at, text.size() + 1);
    if (!text.empty()) {
        std::memcpy(at + 4, text.data(), text.size());
    }
    at[bytes - 1] = '\0';
    return {Type::String, at, static_cast<std::uint32_t>(bytes)};
}

ValueView copy_value(Arena& arena, ValueView value) {
    if (value.raw().empty()) {
        return {value.type(), "", 0};
    }
    const std::string_view bytes = arena.copy(value.raw());
    return {value.type(), bytes.data(), static_cast<std::uint32_t>(bytes.size())};
}

ArenaBytes::ArenaBytes(Arena& arena, std::size_t reserve)
    : arena_(arena), data_(arena.allocate(reserve)), capacity_(reserve) {}

void ArenaBytes::grow(std::size_t wanted) {
    std::size_t capacity = capacity_ * 2;
    while (capacity < wanted) {
        capacity *= 2;
    }
    char* larger = arena_.allocate(capacity);
    std::memcpy(larger, data_, size_);
    data_ = larger;
    capacity_ = capacity;
}

void ArenaBytes::append(std::string_view bytes) {
    if (bytes.empty()) {
        return;
    }
    if (size_ + bytes.size() > capacity_) {
        grow(size_ + bytes.size());
    }
    std::memcpy(data_ + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
}

void ArenaBytes::append(char byte) {
    append(std::string_view{&byte, 1});
}

ArrayWriter::ArrayWriter(Arena& arena, std::size_t reserve) : bytes_(arena, reserve + 8) {
    bytes_.append(std::string_view{"\0\0\0\0", 4});
}

void ArrayWriter::push(ValueView value) {
    const ValueView kept = value.missing() ? make_null() : value;
    char index[12];
    index[0] = static_cast<char>(kept.type());
    char* end = std::to_chars(index + 1, index + sizeof index - 1, count_).ptr;
    *end++ = '\0';
    bytes_.append(std::string_view{index, static_cast<std::size_t>(end - index)});
    bytes_.append(kept.raw());
    ++count_;
}

ValueView ArrayWriter::finish() {
    return close(bytes_, Type::Array);
}

DocumentWriter::DocumentWriter(Arena& arena, std::size_t reserve) : bytes_(arena, reserve + 8) {
    bytes_.append(std::string_view{"\0\0\0\0", 4});
}

void DocumentWriter::append(std::string_view name, ValueView value) {
    if (value.missing()) {
        return;
    }
    bytes_.append(static_cast<char>(value.type()));
    bytes_.append(name);
    bytes_.append('\0');
    bytes_.append(value.raw());
}

ValueView DocumentWriter::finish() {
    return close(bytes_, Type::Document);
}

}  // namespace plumb::query
