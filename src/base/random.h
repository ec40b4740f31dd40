// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that are the same on every machine for the same seed. The standard library's
// distributions are not: their algorithms differ from one implementation to the next.
//
// Source   SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014)
// Threads  one thread.
#pragma once

#include <cstdint>

namespace plumb {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    // Any 64-bit number, each as likely.
    [[nodiscard]] std::uint64_t next();

    // A number in [0, bound). requires bound > 0
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);

    // A number in [0, 1), 53 random bits.
    [[nodiscard]] double unit();

    // True with this probability.
    [[nodiscard]] bool chance(double probability) { return unit() < probability; }

    // An independent stream for item `index` of this seed: order of use does not matter.
    [[nodiscard]] static Random stream(std::uint64_t seed, std::uint64_t index);

  private:
    std::uint64_t state_;
};

}  // namespace plumb
