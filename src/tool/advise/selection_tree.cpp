// SPDX-License-Identifier: GPL-3.0-or-later
// Every set of free candidates, as a tree: each level takes one in or leaves it out. A part of the
// tree is left out when all of its sets must cost more than the best one known: each query at its
// cheapest candidate that is in or may still come in, and nothing for the latter's upkeep.
#include "tool/advise/selection_internal.h"

#include <algorithm>
#include <limits>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();
// A set has to be better by more than rounding.
constexpr double kBetter = 1 - 1e-12;

class Tree {
  public:
    Tree(const SearchSpace& space, SetCost& costs, std::size_t nodes_max)
        : space_(space), costs_(costs), nodes_max_(nodes_max), order_(space.free()) {
        best_ = costs.chosen();
        best_cost_ = space.table().total(best_);
        for (const std::size_t at : order_) {
            costs_.set(at, false);
        }
        // What helps most comes first: bounds grow fast.
        std::vector<double> gain(space.table().candidates(), 0);
        for (const std::size_t at : order_) {
            gain[at] = costs_.change(at, SetCost::kNone);
        }
        std::ranges::stable_sort(order_, {}, [&](std::size_t at) { return gain[at]; });
        make_futures();
    }

    bool run() {
        std::vector<double> now(costs_.slots().size(), kUnusable);
        double fixed = 0;
        for (std::size_t at = 0; at < space_.table().candidates(); ++at) {
            if (space_.table().must_stay[at]) {
                costs_.set(at, true);
                take(at, now);
                fixed += space_.table().upkeep[at] + space_.table().size_cost[at];
            }
        }
        descend(0, now, fixed);
        for (std::size_t at = 0; at < best_.size(); ++at) {
            costs_.set(at, best_[at]);
        }
        return nodes_ <= nodes_max_;
    }

  private:
    // [level][slot]: the cheapest of the candidates from this level on.
    void make_futures() {
        futures_.assign(order_.size() + 1, std::vector<double>(costs_.slots().size(), kUnusable));
        for (std::size_t level = order_.size(); level-- > 0;) {
            futures_[level] = futures_[level + 1];
            take(order_[level], futures_[level]);
        }
    }

    void take(std::size_t candidate, std::vector<double>& now) const {
        for (std::size_t slot = 0; slot < now.size(); ++slot) {
            now[slot] = std::min(now[slot], (*costs_.slots()[slot].costs)[candidate]);
        }
    }

    // The queries' cost; with a future it is a lower bound, for which a scan stays possible.
    double queries(const std::vector<double>& now, const std::vector<double>* future) const {
        double out = 0;
        for (std::size_t row = 0; row < space_.table().queries.size(); ++row) {
            const std::span<const SetCost::Slot> slots = costs_.slots_of(row);
            const auto first = static_cast<std::size_t>(slots.data() - costs_.slots().data());
            double whole = kUnusable;
            double branches = 0;
            bool any_branch = false;
            for (std::size_t at = 0; at < slots.size(); ++at) {
                const double best = future == nullptr
                                        ? now[first + at]
                                        : std::min(now[first + at], (*future)[first + at]);
                if (slots[at].whole) {
                    whole = std::min(whole, best);
                } else {
                    branches += best;
                    any_branch = true;
                }
            }
            double best = any_branch ? std::min(whole, branches) : whole;
            const CostTable::Row& query = space_.table().queries[row];
            if (future != nullptr && !usable(now, slots, first)) {
                best = std::min(best, query.scan);
            }
            out += query.weight * (best < kUnusable ? best : query.scan);
        }
        return out;
    }

    // What is in can answer the query: then no set further down goes back to the scan.
    static bool usable(const std::vector<double>& now,
                       std::span<const SetCost::Slot> slots,
                       std::size_t first) {
        for (std::size_t at = 0; at < slots.size(); ++at) {
            if (slots[at].whole && now[first + at] < kUnusable) {
                return true;
            }
        }
        return false;
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as there are candidates
    void descend(std::size_t level, const std::vector<double>& now, double fixed) {
        if (++nodes_ > nodes_max_) {
            return;
        }
        if (const double cost = fixed + queries(now, nullptr); cost < best_cost_ * kBetter) {
            best_cost_ = cost;
            best_ = costs_.chosen();
        }
        if (level == order_.size() ||
            fixed + queries(now, &futures_[level]) >= best_cost_ * kBetter) {
            return;
        }
        const std::size_t at = order_[level];
        if (space_.may_join(costs_.chosen(), space_.taken(costs_.chosen()), at, SetCost::kNone)) {
            std::vector<double> with = now;
            take(at, with);
            costs_.set(at, true);
            descend(
                level + 1, with, fixed + space_.table().upkeep[at] + space_.table().size_cost[at]);
            costs_.set(at, false);
        }
        descend(level + 1, now, fixed);
    }

    const SearchSpace& space_;
    SetCost& costs_;
    std::size_t nodes_max_;
    std::vector<std::size_t> order_;
    std::vector<std::vector<double>> futures_;
    std::vector<bool> best_;
    double best_cost_ = 0;
    std::size_t nodes_ = 0;
};

}  // namespace

bool search_tree(const SearchSpace& space, SetCost& costs, std::size_t nodes_max) {
    return Tree{space, costs, nodes_max}.run();
}

}  // namespace plumb::advise
