// SPDX-License-Identifier: GPL-3.0-or-later
// What climbing and searching share: the candidates that are free, and which sets are allowed.
//
// Threads  one thread.
#pragma once

#include "tool/advise/selection.h"
#include "tool/advise/set_cost.h"

#include <cstddef>
#include <vector>

namespace plumb::advise {

// What a set takes up of the limits.
struct Taken {
    std::size_t indexes = 0;
    double bytes = 0;
    double upkeep = 0;
};

class SearchSpace {
  public:
    SearchSpace(const CostTable& table,
                const std::vector<Candidate>& candidates,
                const SelectionLimits& limits);

    [[nodiscard]] const CostTable& table() const { return table_; }
    [[nodiscard]] const SelectionLimits& limits() const { return limits_; }
    // May be in or out: useful to some query and no worse than another one everywhere.
    [[nodiscard]] const std::vector<std::size_t>& free() const { return free_; }
    [[nodiscard]] std::vector<bool> must_stay() const { return table_.must_stay; }

    [[nodiscard]] Taken taken(const std::vector<bool>& chosen) const;
    // Whether `in` may join what is chosen when `out` leaves it (kNone: nothing): limits, and no
    // two indexes of one key, which servers before 5.0 refuse.
    [[nodiscard]] bool may_join(const std::vector<bool>& chosen,
                                const Taken& taken,
                                std::size_t in,
                                std::size_t out) const;

  private:
    [[nodiscard]] bool is_useful(std::size_t candidate) const;
    [[nodiscard]] bool dominates(std::size_t better, std::size_t worse) const;
    void leave_out_dominated();
    [[nodiscard]] bool within(const Taken& taken) const;
    [[nodiscard]] Taken taken_by(std::size_t candidate) const;

    const CostTable& table_;
    const std::vector<Candidate>& candidates_;
    SelectionLimits limits_;
    SetCost costs_;
    std::vector<std::size_t> free_;
    std::vector<std::size_t> key_of_;  // [candidate]: the first one with the same key
};

// Climbs from `costs` as it stands. Returns the total.
double climb(const SearchSpace& space, SetCost& costs);

// Looks for a better set than the one in `costs`, and puts it there. False if it gave up after
// `nodes_max` sets.
bool search_tree(const SearchSpace& space, SetCost& costs, std::size_t nodes_max);

}  // namespace plumb::advise
