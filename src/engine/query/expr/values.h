// SPDX-License-Identifier: GPL-3.0-or-later
// Values that an evaluation makes: written as wire bytes into the operation's arena.
//
//   return make_int32(call.arena(), 7);
//   ArrayWriter out{call.arena()};
//   out.push(element);
//   return out.finish();
//
// Memory   everything lives as long as the arena's content; nothing else is allocated.
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>
#include <string_view>

namespace plumb::query {

[[nodiscard]] bson::ValueView make_null();
[[nodiscard]] bson::ValueView make_bool(bool flag);
[[nodiscard]] bson::ValueView make_int32(Arena& arena, std::int32_t number);
[[nodiscard]] bson::ValueView make_int64(Arena& arena, std::int64_t number);
// Int32 if the number fits, else Int64.
[[nodiscard]] bson::ValueView make_int_or_long(Arena& arena, std::int64_t number);
[[nodiscard]] bson::ValueView make_double(Arena& arena, double number);
[[nodiscard]] bson::ValueView make_decimal(Arena& arena, bson::Decimal128 number);
[[nodiscard]] bson::ValueView make_date(Arena& arena, bson::Date date);
[[nodiscard]] bson::ValueView make_object_id(Arena& arena, const bson::ObjectId& id);
[[nodiscard]] bson::ValueView make_string(Arena& arena, std::string_view text);
// A copy that lives as long as the arena's content.
[[nodiscard]] bson::ValueView copy_value(Arena& arena, bson::ValueView value);

// Bytes that grow inside an arena.
class ArenaBytes {
  public:
    ArenaBytes(Arena& arena, std::size_t reserve);
    void append(std::string_view bytes);
    void append(char byte);
    [[nodiscard]] char* data() { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    void grow(std::size_t wanted);
    Arena& arena_;
    char* data_;
    std::size_t size_ = 0;
    std::size_t capacity_;
};

// Makes an array.
class ArrayWriter {
  public:
    explicit ArrayWriter(Arena& arena, std::size_t reserve = 64);
    // The next element; a Missing value becomes null, as in MongoDB's array literals.
    void push(bson::ValueView value);
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] bson::ValueView finish();

  private:
    ArenaBytes bytes_;
    std::uint32_t count_ = 0;
};

// Makes a document.
class DocumentWriter {
  public:
    explicit DocumentWriter(Arena& arena, std::size_t reserve = 64);
    // One field; a Missing value writes nothing.
    void append(std::string_view name, bson::ValueView value);
    // Bytes of whole elements as they stand in another document.
    void append_raw(std::string_view elements) { bytes_.append(elements); }
    [[nodiscard]] bson::ValueView finish();

  private:
    ArenaBytes bytes_;
};

}  // namespace plumb::query
