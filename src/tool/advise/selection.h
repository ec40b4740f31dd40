// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the candidates of a collection to have: the set with the lowest total cost, queries and
// upkeep and size together.
//
// A set is found by climbing: the best of adding one, adding what an $or needs for all its
// branches, taking one out, exchanging one for another, until nothing helps. Then the tree of all
// sets is searched, leaving out what cannot be better; if that ends within its bound the set is the
// best.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/cost_table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace plumb::advise {

enum class Method : std::uint8_t {
    Auto,   // climbing, then the tree within a bound
    Climb,  // climbing alone
    Exact,  // the whole tree, however long it takes
};

struct SelectionLimits {
    std::optional<std::size_t> indexes_max;  // in all, what must stay included, _id_ not
    std::optional<double> bytes_max;
    // Upkeep of all indexes, as a share of what the collection's writes cost without any.
    std::optional<double> write_overhead_max;
    // An index has to take off at least this share of the collection's cost without it.
    double gain_min = 0.002;
    double gain_min_us = 0;  // and at least this much a minute
    Method method = Method::Auto;
};

struct Selection {
    std::vector<bool> chosen;
    double cost_before = 0;  // with what is there now
    double cost_after = 0;
    std::size_t indexes = 0;  // _id_ not counted
    bool exhaustive = false;  // no set within the limits costs less
};

[[nodiscard]] Selection select_indexes(const CostTable& table,
                                       const std::vector<Candidate>& candidates,
                                       const SelectionLimits& limits);

// The best sets of at most 0, 1, 2 … indexes, up to the number that is best without such a limit.
[[nodiscard]] std::vector<Selection> select_by_count(const CostTable& table,
                                                     const std::vector<Candidate>& candidates,
                                                     const SelectionLimits& limits);

// How many indexes each of several collections gets so that all together cost least; `curves` are
// those of select_by_count. What must stay is counted even where it is more than `total_max`.
[[nodiscard]] std::vector<std::size_t> share_out(const std::vector<std::vector<Selection>>& curves,
                                                 std::size_t total_max);

// True for the index that every collection has.
[[nodiscard]] bool is_id_index(const Candidate& candidate);

}  // namespace plumb::advise
