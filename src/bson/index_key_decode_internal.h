// SPDX-License-Identifier: GPL-3.0-or-later
// How keys are read back: the bytes, and beside them the type bits.
#pragma once

#include "bson/builder.h"
#include "bson/index_key_internal.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::bson::keys {

// Takes bytes off the front of a key. Past the end it gives zeros and remembers the failure, so
// that callers ask once per value.
class KeyBytes {
  public:
    explicit KeyBytes(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    // For what was written inverted; called again it undoes itself.
    void toggle_inverted() { mask_ = static_cast<std::uint8_t>(~mask_); }

    // The next byte, left in place.
    [[nodiscard]] std::uint8_t peek();
    [[nodiscard]] std::uint8_t take();
    [[nodiscard]] std::uint64_t take_big_endian(int byte_count);
    void take_into(std::string& out, std::size_t byte_count);
    void fail() { failed_ = true; }

  private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::uint8_t mask_ = 0;
    bool failed_ = false;
};

// Takes entries off the type bits, one call per value that may have one.
class TypeBits {
  public:
    explicit TypeBits(std::string_view bytes) : bytes_(bytes) { load_entry(); }

    // Why the next value is not of the type that its key bytes suggest; nothing if it is.
    [[nodiscard]] std::optional<TypeCode> next();
    [[nodiscard]] std::uint8_t take_byte();
    [[nodiscard]] bool failed() const { return failed_; }
    // After the last value: nothing is left over.
    [[nodiscard]] bool finished() const { return !failed_ && !pending_ && at_ == bytes_.size(); }

  private:
    void load_entry();

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::uint32_t skip_ = 0;
    std::optional<TypeCode> pending_;
    bool unloaded_ = false;
    bool failed_ = false;
};

// Reads what follows a number's tag and appends the number. False if it is no number.
[[nodiscard]] bool decode_number(
    std::uint8_t tag, KeyBytes& key, TypeBits& types, std::string_view name, Builder& out);

}  // namespace plumb::bson::keys
