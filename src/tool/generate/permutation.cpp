// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/permutation.h"

#include "base/assert.h"
#include "base/random.h"

#include <bit>

namespace plumb::generate {

Permutation::Permutation(std::uint64_t seed, std::uint64_t count) : count_(count) {
    PLUMB_ASSERT(count > 0);
    const unsigned bits = static_cast<unsigned>(std::bit_width(count - 1));
    half_bits_ = bits < 2 ? 1 : (bits + 1) / 2;
    mask_ = (std::uint64_t{1} << half_bits_) - 1;
    Random random{seed};
    for (std::uint64_t& key : keys_) {
        key = random.next();
    }
}

std::uint64_t Permutation::scramble(std::uint64_t half, std::size_t round) const {
    std::uint64_t x = (half ^ keys_[round]) * 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9;
    return (x ^ (x >> 29)) & mask_;
}

std::uint64_t Permutation::encrypt(std::uint64_t block) const {
    std::uint64_t left = block >> half_bits_;
    std::uint64_t right = block & mask_;
    for (std::size_t round = 0; round < keys_.size(); ++round) {
        const std::uint64_t next = left ^ scramble(right, round);
        left = right;
        right = next;
    }
    return (left << half_bits_) | right;
}

std::uint64_t Permutation::decrypt(std::uint64_t block) const {
    std::uint64_t left = block >> half_bits_;
    std::uint64_t right = block & mask_;
    for (std::size_t round = keys_.size(); round-- > 0;) {
        const std::uint64_t previous = right ^ scramble(left, round);
        right = left;
        left = previous;
    }
    return (left << half_bits_) | right;
}

std::uint64_t Permutation::forward(std::uint64_t index) const {
    std::uint64_t block = index;
    do {
        block = encrypt(block);
    } while (block >= count_);
    return block;
}

std::uint64_t Permutation::inverse(std::uint64_t place) const {
    std::uint64_t block = place;
    do {
        block = decrypt(block);
    } while (block >= count_);
    return block;
}

}  // namespace plumb::generate
