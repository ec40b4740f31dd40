// SPDX-License-Identifier: GPL-3.0-or-later
// MD5, which hashed indexes are defined by. Not for anything that must be secure.
//
// Source   RFC 1321
// Threads  a value type.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plumb::bson {

class Md5 {
  public:
    void add(std::string_view bytes);
    // The digest of all that was added; the object is of no further use.
    [[nodiscard]] std::array<std::uint8_t, 16> finish();

  private:
    void add_block(const char* block);

    std::array<std::uint32_t, 4> state_{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    std::array<char, 64> pending_{};
    std::uint64_t byte_count_ = 0;
};

}  // namespace plumb::bson
