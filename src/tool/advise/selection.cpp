// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/selection.h"

#include "tool/advise/selection_internal.h"

#include <algorithm>
#include <limits>

namespace plumb::advise {
namespace {

// Work that searching the tree may take beside climbing: sets times queries' parts.
constexpr std::size_t kTreeWork = 20'000'000;
// More free candidates than this are not tried: the tree would not end within its bound.
constexpr std::size_t kTreeCandidatesMax = 120;

// Takes out, one by one, what takes off less than the limits ask for; the least first.
void drop_what_hardly_pays(const SearchSpace& space, SetCost& costs) {
    while (true) {
        const double cost = space.table().total(costs.chosen());
        std::size_t least = SetCost::kNone;
        double least_gain = std::numeric_limits<double>::infinity();
        for (const std::size_t at : space.free()) {
            if (!costs.has(at)) {
                continue;
            }
            const double gain = costs.change(SetCost::kNone, at);
            const bool pays = gain >= space.limits().gain_min_us &&
                              gain >= space.limits().gain_min * (cost + gain);
            if (!pays && gain < least_gain) {
                least_gain = gain;
                least = at;
            }
        }
        if (least == SetCost::kNone) {
            return;
        }
        costs.set(least, false);
    }
}

double cost_of_existing(const CostTable& table, const std::vector<Candidate>& candidates) {
    std::vector<bool> now;
    now.reserve(candidates.size());
    for (const Candidate& candidate : candidates) {
        now.push_back(candidate.existing >= 0);
    }
    return table.total(now);
}

Selection best_in(const SearchSpace& space, SetCost& costs) {
    climb(space, costs);
    Selection out;
    const std::size_t slots = std::max<std::size_t>(costs.slots().size(), 1);
    const bool all = space.limits().method == Method::Exact;
    if (all ||
        (space.limits().method == Method::Auto && space.free().size() <= kTreeCandidatesMax)) {
        out.exhaustive = search_tree(
            space, costs, all ? std::numeric_limits<std::size_t>::max() : kTreeWork / slots);
    }
    const std::vector<bool> best = costs.chosen();
    drop_what_hardly_pays(space, costs);
    out.chosen = costs.chosen();
    out.cost_after = space.table().total(out.chosen);
    out.indexes = space.taken(out.chosen).indexes;
    for (std::size_t at = 0; at < best.size(); ++at) {
        costs.set(at, best[at]);
    }
    return out;
}

}  // namespace

bool is_id_index(const Candidate& candidate) {
    return candidate.fields.size() == 1 && candidate.fields[0].path == "_id";
}

Selection select_indexes(const CostTable& table,
                         const std::vector<Candidate>& candidates,
                         const SelectionLimits& limits) {
    const SearchSpace space{table, candidates, limits};
    SetCost costs{table};
    for (std::size_t at = 0; at < table.candidates(); ++at) {
        costs.set(at, table.must_stay[at]);
    }
    Selection out = best_in(space, costs);
    out.cost_before = cost_of_existing(table, candidates);
    return out;
}

std::vector<Selection> select_by_count(const CostTable& table,
                                       const std::vector<Candidate>& candidates,
                                       const SelectionLimits& limits) {
    const std::size_t most = select_indexes(table, candidates, limits).indexes;
    SetCost costs{table};
    for (std::size_t at = 0; at < table.candidates(); ++at) {
        costs.set(at, table.must_stay[at]);
    }
    std::vector<Selection> out;
    for (std::size_t count = 0; count <= most; ++count) {
        SelectionLimits limited = limits;
        limited.indexes_max = std::min(count, limits.indexes_max.value_or(count));
        const SearchSpace space{table, candidates, limited};
        out.push_back(best_in(space, costs));
        out.back().cost_before = cost_of_existing(table, candidates);
    }
    return out;
}

std::vector<std::size_t> share_out(const std::vector<std::vector<Selection>>& curves,
                                   std::size_t total_max) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    // [collection][indexes so far]: the least cost, and how many the collection has of them.
    std::vector<double> least(total_max + 1, 0);
    std::vector<std::vector<std::size_t>> given;
    for (const std::vector<Selection>& curve : curves) {
        std::vector<double> next(total_max + 1, kNever);
        std::vector<std::size_t> mine(total_max + 1, 0);
        for (std::size_t total = 0; total <= total_max; ++total) {
            for (std::size_t count = 0; count < curve.size() && count <= total; ++count) {
                const std::size_t used = std::min(curve[count].indexes, total);
                const double cost = least[total - used] + curve[count].cost_after;
                if (cost < next[total]) {
                    next[total] = cost;
                    mine[total] = count;
                }
            }
        }
        least = std::move(next);
        given.push_back(std::move(mine));
    }
    std::vector<std::size_t> out(curves.size(), 0);
    std::size_t left = total_max;
    for (std::size_t at = curves.size(); at-- > 0;) {
        out[at] = given[at][left];
        left -= std::min(left, curves[at][out[at]].indexes);
    }
    return out;
}

}  // namespace plumb::advise
