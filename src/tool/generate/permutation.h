// SPDX-License-Identifier: GPL-3.0-or-later
// A shuffle of 0 … n-1 that needs no memory and can be read both ways: where a document stands in
// the collection, and which one stands at a place.
//
//   Permutation places{seed, count};
//   places.inverse(places.forward(17)) == 17
//
// Source   Feistel network of four rounds with cycle walking (Black, Rogaway: Ciphers with
// Arbitrary
//          Finite Domains, 2002)
// Threads  const functions may run at once.
#pragma once

#include <array>
#include <cstdint>

namespace plumb::generate {

class Permutation {
  public:
    Permutation() = default;
    // requires count > 0
    Permutation(std::uint64_t seed, std::uint64_t count);

    // requires index < count
    [[nodiscard]] std::uint64_t forward(std::uint64_t index) const;
    [[nodiscard]] std::uint64_t inverse(std::uint64_t place) const;

    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    [[nodiscard]] std::uint64_t scramble(std::uint64_t half, std::size_t round) const;
    [[nodiscard]] std::uint64_t encrypt(std::uint64_t block) const;
    [[nodiscard]] std::uint64_t decrypt(std::uint64_t block) const;

    std::uint64_t count_ = 1;
    std::uint64_t mask_ = 1;
    unsigned half_bits_ = 1;
    std::array<std::uint64_t, 4> keys_{};
};

}  // namespace plumb::generate
