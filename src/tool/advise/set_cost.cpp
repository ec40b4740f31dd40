// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/set_cost.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();

}  // namespace

SetCost::SetCost(const CostTable& table)
    : table_(table), chosen_(table.candidates(), false), rows_of_(table.candidates()) {
    for (std::size_t row = 0; row < table.queries.size(); ++row) {
        first_slot_.push_back(slots_.size());
        add_slots(row, table.queries[row].whole, true);
        add_slots(row, table.queries[row].branches, false);
    }
    first_slot_.push_back(slots_.size());
}

void SetCost::add_slots(std::size_t row, const CostTable::Alternative& alternative, bool whole) {
    for (const std::vector<double>& costs : alternative.by_branch) {
        Slot& slot = slots_.emplace_back();
        slot.row = row;
        slot.whole = whole;
        slot.costs = &costs;
        for (std::size_t at = 0; at < costs.size(); ++at) {
            if (costs[at] < kUnusable) {
                slot.order.push_back(static_cast<std::uint32_t>(at));
                std::vector<std::uint32_t>& rows = rows_of_[at];
                if (rows.empty() || rows.back() != row) {
                    rows.push_back(static_cast<std::uint32_t>(row));
                }
            }
        }
        std::ranges::stable_sort(slot.order, {}, [&](std::uint32_t at) { return costs[at]; });
        find_best(slot);
    }
}

void SetCost::find_best(Slot& slot) const {
    slot.best = kUnusable;
    slot.best_at = kNone;
    slot.second = kUnusable;
    for (const std::uint32_t at : slot.order) {
        if (!chosen_[at]) {
            continue;
        }
        if (slot.best_at != kNone) {
            slot.second = (*slot.costs)[at];
            return;
        }
        slot.best = (*slot.costs)[at];
        slot.best_at = at;
    }
}

void SetCost::set(std::size_t candidate, bool in) {
    if (chosen_[candidate] == in) {
        return;
    }
    chosen_[candidate] = in;
    for (const std::uint32_t row : rows_of_[candidate]) {
        for (std::size_t at = first_slot_[row]; at < first_slot_[row + 1]; ++at) {
            if ((*slots_[at].costs)[candidate] < kUnusable) {
                find_best(slots_[at]);
            }
        }
    }
}

std::span<const SetCost::Slot> SetCost::slots_of(std::size_t row) const {
    return std::span{slots_}.subspan(first_slot_[row], first_slot_[row + 1] - first_slot_[row]);
}

double SetCost::row_cost(std::size_t row, std::size_t in, std::size_t out) const {
    double whole = kUnusable;
    double branches = 0;
    bool any_branch = false;
    for (const Slot& slot : slots_of(row)) {
        double best = slot.best_at == out && out != kNone ? slot.second : slot.best;
        if (in != kNone) {
            best = std::min(best, (*slot.costs)[in]);
        }
        if (slot.whole) {
            whole = std::min(whole, best);
        } else {
            branches += best;
            any_branch = true;
        }
    }
    const double best = any_branch ? std::min(whole, branches) : whole;
    return best < kUnusable ? best : table_.queries[row].scan;
}

double SetCost::change(std::size_t in, std::size_t out) {
    both_.clear();
    double sum = 0;
    const auto fixed = [&](std::size_t at) { return table_.upkeep[at] + table_.size_cost[at]; };
    if (in != kNone) {
        both_ = rows_of_[in];
        sum += fixed(in);
    }
    if (out != kNone) {
        sum -= fixed(out);
        std::vector<std::uint32_t> merged;
        std::ranges::set_union(both_, rows_of_[out], std::back_inserter(merged));
        both_ = std::move(merged);
    }
    for (const std::uint32_t row : both_) {
        sum += table_.queries[row].weight * (row_cost(row, in, out) - row_cost(row, kNone, kNone));
    }
    return sum;
}

}  // namespace plumb::advise
