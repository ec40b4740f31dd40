// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/zipf.h"

#include "base/assert.h"

#include <algorithm>
#include <array>
#include <bit>

namespace plumb::generate {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr unsigned kFractionBits = 32;

// log2(number) with 32 fraction bits, by squaring the mantissa: each overflow is one bit.
std::uint64_t log2_fixed(std::uint64_t number) {
    const unsigned whole = static_cast<unsigned>(std::bit_width(number)) - 1;
    std::uint64_t mantissa = number << (63 - whole);
    std::uint64_t out = whole;
    for (unsigned bit = 0; bit < kFractionBits; ++bit) {
        const Wide square = Wide{mantissa} * mantissa;
        const bool overflow = (square >> 127) != 0;
        mantissa = static_cast<std::uint64_t>(square >> (overflow ? 64 : 63));
        out = (out << 1) | (overflow ? 1U : 0U);
    }
    return out;
}

constexpr std::uint64_t square_root(Wide number) {
    Wide low = 0;
    Wide high = Wide{1} << 63;
    while (low < high) {
        const Wide middle = (low + high + 1) >> 1;
        if (middle * middle <= number) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return static_cast<std::uint64_t>(low);
}

// 2^-(1/2), 2^-(1/4), … in units of 2^-62.
constexpr auto kRoots = [] {
    std::array<std::uint64_t, kFractionBits> roots{};
    std::uint64_t previous = std::uint64_t{1} << 61;
    for (std::uint64_t& root : roots) {
        root = square_root(Wide{previous} << 62);
        previous = root;
    }
    return roots;
}();

// 2^-exponent in units of 2^-40, for an exponent with 32 fraction bits.
std::uint64_t exp2_negative(std::uint64_t exponent) {
    std::uint64_t out = std::uint64_t{1} << 62;
    for (unsigned bit = 0; bit < kFractionBits; ++bit) {
        if ((exponent >> (kFractionBits - 1 - bit) & 1U) != 0) {
            out = static_cast<std::uint64_t>((Wide{out} * kRoots[bit]) >> 62);
        }
    }
    return out >> (22 + (exponent >> kFractionBits));
}

}  // namespace

std::uint64_t zipf_weight(std::uint64_t rank) {
    const Wide exponent = Wide{log2_fixed(rank)} * 105 / 100;
    return exp2_negative(static_cast<std::uint64_t>(exponent));
}

ZipfBlocks::ZipfBlocks(std::uint64_t owners, std::uint64_t things) {
    PLUMB_ASSERT(owners > 0);
    first_.resize(owners + 1);
    std::uint64_t sum = 0;
    for (std::uint64_t rank = 0; rank < owners; ++rank) {
        first_[rank] = sum;
        sum += zipf_weight(rank + 1);
    }
    first_[owners] = sum;
    for (std::uint64_t& first : first_) {
        first = static_cast<std::uint64_t>(Wide{first} * things / sum);
    }
}

std::uint64_t ZipfBlocks::rank_of(std::uint64_t thing) const {
    const auto after = std::upper_bound(first_.begin(), first_.end(), thing);
    return static_cast<std::uint64_t>(after - first_.begin()) - 1;
}

}  // namespace plumb::generate
