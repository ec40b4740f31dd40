// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/selection_internal.h"

#include <algorithm>
#include <limits>
#include <map>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();

}  // namespace

SearchSpace::SearchSpace(const CostTable& table,
                         const std::vector<Candidate>& candidates,
                         const SelectionLimits& limits)
    : table_(table), candidates_(candidates), limits_(limits), costs_(table) {
    std::map<std::vector<IndexField>, std::size_t> keys;
    for (std::size_t at = 0; at < table.candidates(); ++at) {
        key_of_.push_back(keys.try_emplace(candidates[at].fields, at).first->second);
        if (!table.must_stay[at] && is_useful(at)) {
            free_.push_back(at);
        }
    }
    leave_out_dominated();
}

// Better than a scan for some query; what is not cannot be part of the best set.
bool SearchSpace::is_useful(std::size_t candidate) const {
    return std::ranges::any_of(costs_.rows_of(candidate), [&](std::uint32_t row) {
        return std::ranges::any_of(costs_.slots_of(row), [&](const SetCost::Slot& slot) {
            return (*slot.costs)[candidate] < table_.queries[row].scan;
        });
    });
}

// Whether every set is at least as good with `better` in the place of `worse`.
bool SearchSpace::dominates(std::size_t better, std::size_t worse) const {
    const bool new_for_old = candidates_[worse].existing >= 0 && candidates_[better].existing < 0;
    const bool takes_more = table_.upkeep[better] > table_.upkeep[worse] ||
                            table_.size_cost[better] > table_.size_cost[worse] ||
                            candidates_[better].bytes > candidates_[worse].bytes;
    const bool other_key =
        key_of_[better] != key_of_[worse] && std::ranges::count(key_of_, key_of_[better]) > 1;
    if (new_for_old || takes_more || other_key) {
        return false;
    }
    const auto no_worse = [&](std::uint32_t row) {
        return std::ranges::all_of(costs_.slots_of(row), [&](const SetCost::Slot& slot) {
            const double mine = (*slot.costs)[better];
            const double other = (*slot.costs)[worse];
            // Usable where the other is not: a server must not be led from a cheaper scan.
            const bool harmless = slot.whole && mine <= table_.queries[row].scan;
            return other < kUnusable || mine == kUnusable ? mine <= other : harmless;
        });
    };
    if (!std::ranges::all_of(costs_.rows_of(worse), no_worse) ||
        !std::ranges::all_of(costs_.rows_of(better), no_worse)) {
        return false;
    }
    return true;
}

// Of two that dominate each other the earlier one stays.
void SearchSpace::leave_out_dominated() {
    std::vector<bool> out(table_.candidates(), false);
    for (const std::size_t worse : free_) {
        if (costs_.rows_of(worse).empty()) {
            continue;
        }
        for (const SetCost::Slot& slot : costs_.slots_of(costs_.rows_of(worse)[0])) {
            for (const std::uint32_t better : slot.order) {
                if (better != worse && !out[better] && !table_.must_stay[better] &&
                    dominates(better, worse) && (better < worse || !dominates(worse, better))) {
                    out[worse] = true;
                    break;
                }
            }
        }
    }
    std::erase_if(free_, [&](std::size_t at) { return out[at]; });
}

Taken SearchSpace::taken_by(std::size_t candidate) const {
    if (is_id_index(candidates_[candidate])) {
        return {};
    }
    return {1, candidates_[candidate].bytes, table_.upkeep[candidate]};
}

Taken SearchSpace::taken(const std::vector<bool>& chosen) const {
    Taken out;
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        if (chosen[at]) {
            const Taken one = taken_by(at);
            out.indexes += one.indexes;
            out.bytes += one.bytes;
            out.upkeep += one.upkeep;
        }
    }
    return out;
}

bool SearchSpace::within(const Taken& taken) const {
    const bool writes_little = !limits_.write_overhead_max || table_.writes <= 0 ||
                               taken.upkeep <= *limits_.write_overhead_max * table_.writes;
    return (!limits_.indexes_max || taken.indexes <= *limits_.indexes_max) &&
           (!limits_.bytes_max || taken.bytes <= *limits_.bytes_max) && writes_little;
}

bool SearchSpace::may_join(const std::vector<bool>& chosen,
                           const Taken& taken,
                           std::size_t in,
                           std::size_t out) const {
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        if (chosen[at] && at != out && key_of_[at] == key_of_[in]) {
            return false;
        }
    }
    Taken after = taken;
    const Taken more = taken_by(in);
    after.indexes += more.indexes;
    after.bytes += more.bytes;
    after.upkeep += more.upkeep;
    if (out != SetCost::kNone) {
        const Taken less = taken_by(out);
        after.indexes -= less.indexes;
        after.bytes -= less.bytes;
        after.upkeep -= less.upkeep;
    }
    return within(after);
}

}  // namespace plumb::advise
