// SPDX-License-Identifier: GPL-3.0-or-later
// How many of a number of things each of many owners has, when ownership follows Zipf's law.
//
//   ZipfBlocks orders_of{users, orders};
//   orders_of.first(rank), orders_of.first(rank + 1)     // the orders of the rank-th heaviest user
//   orders_of.rank_of(order)                             // and back
//
// Integer arithmetic only, so that every machine gets the same table; `pow` differs in its last bit
// from one C library to the next.
//
// Memory   eight bytes an owner.
// Threads  const functions may run at once.
#pragma once

#include <cstdint>
#include <vector>

namespace plumb::generate {

class ZipfBlocks {
  public:
    ZipfBlocks() = default;
    // Owner of rank r (from 0) has a share proportional to (r+1)^-1.05 of `things`.
    // requires owners > 0
    ZipfBlocks(std::uint64_t owners, std::uint64_t things);

    // The first thing of the owner of this rank. requires rank <= owners
    [[nodiscard]] std::uint64_t first(std::uint64_t rank) const { return first_[rank]; }
    [[nodiscard]] std::uint64_t count(std::uint64_t rank) const {
        return first_[rank + 1] - first_[rank];
    }
    // requires thing < things
    [[nodiscard]] std::uint64_t rank_of(std::uint64_t thing) const;

  private:
    std::vector<std::uint64_t> first_;
};

// rank^-1.05 in units of 2^-40. requires 0 < rank < 2^32
[[nodiscard]] std::uint64_t zipf_weight(std::uint64_t rank);

}  // namespace plumb::generate
