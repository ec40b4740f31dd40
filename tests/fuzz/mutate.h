// SPDX-License-Identifier: GPL-3.0-or-later
// Small changes to known inputs: bits, bytes, pieces cut, doubled and taken from another input.
//
//   Mutator mutator(1);
//   std::string input = mutator.mutate(corpus);
//
// Threads  one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::fuzz {

class Mutator {
  public:
    explicit Mutator(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

    // One of `corpus`, not empty, with one to four changes. The same seed gives the same inputs.
    [[nodiscard]] std::string mutate(const std::vector<std::string>& corpus);

  private:
    [[nodiscard]] std::size_t below(std::size_t limit);
    void change(std::string& input, const std::vector<std::string>& corpus);

    std::uint64_t state_;
};

}  // namespace plumb::fuzz
