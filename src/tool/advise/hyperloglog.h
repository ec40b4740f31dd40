// SPDX-License-Identifier: GPL-3.0-or-later
// How many different values a stream holds, in 4 kB and to about 1.6 %.
//
//   HyperLogLog distinct;
//   distinct.add(bson::hash_value(value));
//   distinct.estimate();                    // 9 987.2
//
// Source   Flajolet, Fusy, Gandouet, Meunier: HyperLogLog, the analysis of a near-optimal
// cardinality
//          estimation algorithm (2007); linear counting below 2.5 registers' worth
// Threads  a value type.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace plumb::advise {

class HyperLogLog {
  public:
    // `hash` has to be spread over all 64 bits; it is mixed once more here.
    void add(std::uint64_t hash) {
        hash ^= hash >> 33U;
        hash *= 0xFF51'AFD7'ED55'8CCDULL;
        hash ^= hash >> 33U;
        hash *= 0xC4CE'B9FE'1A85'EC53ULL;
        hash ^= hash >> 33U;
        const auto at = static_cast<std::size_t>(hash >> (64U - kBits));
        const auto rank = static_cast<std::uint8_t>(
            std::min(std::countl_zero(hash << kBits), static_cast<int>(64U - kBits)) + 1);
        registers_[at] = std::max(registers_[at], rank);
    }

    [[nodiscard]] double estimate() const {
        double sum = 0;
        double empty = 0;
        for (const std::uint8_t rank : registers_) {
            sum += std::ldexp(1.0, -static_cast<int>(rank));
            empty += rank == 0 ? 1 : 0;
        }
        constexpr double kCount = kRegisters;
        const double raw = 0.7213 / (1 + 1.079 / kCount) * kCount * kCount / sum;
        return raw <= 2.5 * kCount && empty > 0 ? kCount * std::log(kCount / empty) : raw;
    }

  private:
    static constexpr unsigned kBits = 12;
    static constexpr std::size_t kRegisters = std::size_t{1} << kBits;
    std::array<std::uint8_t, kRegisters> registers_{};
};

}  // namespace plumb::advise
