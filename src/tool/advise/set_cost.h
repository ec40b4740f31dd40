// SPDX-License-Identifier: GPL-3.0-or-later
// The cost of a set of candidates that changes one index at a time: only the queries that can use
// that index are looked at again.
//
// Threads  one thread.
#pragma once

#include "tool/advise/cost_table.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumb::advise {

class SetCost {
  public:
    // The table outlives it.
    explicit SetCost(const CostTable& table);

    [[nodiscard]] const std::vector<bool>& chosen() const { return chosen_; }
    [[nodiscard]] bool has(std::size_t candidate) const { return chosen_[candidate]; }
    void set(std::size_t candidate, bool in);

    // What the total changes by; kNone for `in` or `out` if nothing goes in or out.
    static constexpr std::size_t kNone = SIZE_MAX;
    [[nodiscard]] double change(std::size_t in, std::size_t out);

    // One part of a query that one index answers: a conjunction, or a branch of an $or.
    struct Slot {
        std::size_t row = 0;
        bool whole = true;
        const std::vector<double>* costs = nullptr;  // [candidate]
        std::vector<std::uint32_t> order;            // who can answer it, cheapest first
        // Of those chosen: the cheapest, which one it is, and the next. Infinite if there is none.
        double best = 0;
        std::size_t best_at = 0;
        double second = 0;
    };
    [[nodiscard]] std::span<const Slot> slots() const { return slots_; }
    [[nodiscard]] std::span<const Slot> slots_of(std::size_t row) const;
    // Rows that a candidate can answer, or help to.
    [[nodiscard]] std::span<const std::uint32_t> rows_of(std::size_t candidate) const {
        return rows_of_[candidate];
    }

  private:
    void add_slots(std::size_t row, const CostTable::Alternative& alternative, bool whole);
    void find_best(Slot& slot) const;
    [[nodiscard]] double row_cost(std::size_t row, std::size_t in, std::size_t out) const;

    const CostTable& table_;
    std::vector<bool> chosen_;
    std::vector<Slot> slots_;
    std::vector<std::size_t> first_slot_;  // [row], and the end
    std::vector<std::vector<std::uint32_t>> rows_of_;
    std::vector<std::uint32_t> both_;  // reused
};

}  // namespace plumb::advise
