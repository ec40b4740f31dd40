// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/selection.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();
constexpr double kBytesInMegabyte = 1024.0 * 1024.0;

std::vector<std::vector<double>> costs_of(const QueryModel& query,
                                          const std::vector<Branch>& branches,
                                          const std::vector<Candidate>& candidates,
                                          Judge& judge) {
    std::vector<std::vector<double>> out;
    for (const Branch& branch : branches) {
        std::vector<double>& row = out.emplace_back();
        for (const Candidate& candidate : candidates) {
            const auto access = judge.under(query, branch, candidate);
            row.push_back(access ? access->us : kUnusable);
        }
    }
    return out;
}

double best_of(const std::vector<double>& costs, const std::vector<bool>& chosen) {
    double best = kUnusable;
    for (std::size_t at = 0; at < costs.size(); ++at) {
        if (chosen[at]) {
            best = std::min(best, costs[at]);
        }
    }
    return best;
}

double best_of(const CostTable::Alternative& alternative, const std::vector<bool>& chosen) {
    if (alternative.by_branch.empty()) {
        return kUnusable;
    }
    double sum = 0;
    for (const std::vector<double>& branch : alternative.by_branch) {
        sum += best_of(branch, chosen);
    }
    return sum;
}

class Search {
  public:
    Search(const CostTable& table,
           const std::vector<Candidate>& candidates,
           const SelectionLimits& limits)
        : table_(table), candidates_(candidates), limits_(limits) {
        for (std::size_t at = 0; at < table.candidates(); ++at) {
            const bool kept = table.must_stay[at];
            chosen_.push_back(kept);
            if (!kept && is_useful(at)) {
                free_.push_back(at);
            }
        }
    }

    Selection run() {
        Selection out;
        std::vector<bool> now = chosen_;
        for (std::size_t at = 0; at < candidates_.size(); ++at) {
            now[at] = candidates_[at].existing >= 0;
        }
        out.cost_before = table_.total(now);
        if (free_.size() <= kExhaustiveMax) {
            search_all();
            out.exhaustive = true;
        } else {
            climb();
        }
        drop_what_hardly_pays();
        out.cost_after = table_.total(chosen_);
        out.chosen = chosen_;
        return out;
    }

  private:
    // Better than a scan for some query; what is not cannot be part of the best set.
    bool is_useful(std::size_t at) const {
        return std::ranges::any_of(table_.queries, [&](const CostTable::Row& row) {
            const auto helps = [&](const CostTable::Alternative& alternative) {
                return std::ranges::any_of(
                    alternative.by_branch,
                    [&](const std::vector<double>& branch) { return branch[at] < row.scan; });
            };
            return helps(row.whole) || helps(row.branches);
        });
    }

    bool allowed(const std::vector<bool>& chosen) const {
        std::size_t indexes = 0;
        double bytes = 0;
        for (std::size_t at = 0; at < chosen.size(); ++at) {
            if (chosen[at]) {
                const bool is_id =
                    candidates_[at].fields.size() == 1 && candidates_[at].fields[0].path == "_id";
                indexes += is_id ? 0U : 1U;
                bytes += is_id ? 0 : candidates_[at].bytes;
            }
        }
        return (!limits_.indexes_max || indexes <= *limits_.indexes_max) &&
               (!limits_.bytes_max || bytes <= *limits_.bytes_max);
    }

    void search_all() {
        std::vector<bool> best = chosen_;
        double best_cost = table_.total(best);
        const std::uint64_t sets = std::uint64_t{1} << free_.size();
        std::vector<bool> chosen = chosen_;
        for (std::uint64_t set = 1; set < sets; ++set) {
            for (std::size_t bit = 0; bit < free_.size(); ++bit) {
                chosen[free_[bit]] = (set >> bit & 1U) != 0;
            }
            if (!allowed(chosen)) {
                continue;
            }
            if (const double cost = table_.total(chosen); cost < best_cost) {
                best_cost = cost;
                best = chosen;
            }
        }
        chosen_ = best;
    }

    void climb() {
        double cost = table_.total(chosen_);
        while (step(cost)) {
        }
    }

    // The best of: adding one, taking one out, exchanging one for another.
    bool step(double& cost) {
        std::vector<bool> best;
        double best_cost = cost;
        const auto consider = [&](const std::vector<bool>& set) {
            if (!allowed(set)) {
                return;
            }
            if (const double other = table_.total(set); other < best_cost) {
                best_cost = other;
                best = set;
            }
        };
        for (const std::size_t one : free_) {
            std::vector<bool> set = chosen_;
            set[one] = !set[one];
            consider(set);
            if (!set[one]) {
                for (const std::size_t other : free_) {
                    if (!chosen_[other]) {
                        set[other] = true;
                        consider(set);
                        set[other] = false;
                    }
                }
            }
        }
        if (best.empty()) {
            return false;
        }
        chosen_ = best;
        cost = best_cost;
        return true;
    }

    void drop_what_hardly_pays() {
        while (true) {
            const double cost = table_.total(chosen_);
            std::optional<std::size_t> least;
            double least_gain = kUnusable;
            for (const std::size_t at : free_) {
                if (!chosen_[at]) {
                    continue;
                }
                std::vector<bool> without = chosen_;
                without[at] = false;
                const double before = table_.total(without);
                const double gain = before > 0 ? (before - cost) / before : 0;
                if (gain < least_gain) {
                    least_gain = gain;
                    least = at;
                }
            }
            if (!least || least_gain >= limits_.gain_min) {
                return;
            }
            chosen_[*least] = false;
        }
    }

    const CostTable& table_;
    const std::vector<Candidate>& candidates_;
    const SelectionLimits& limits_;
    std::vector<std::size_t> free_;
    std::vector<bool> chosen_;
};

}  // namespace

double CostTable::query_cost(const Row& row, const std::vector<bool>& chosen) const {
    return std::min({row.scan, best_of(row.whole, chosen), best_of(row.branches, chosen)});
}

double CostTable::total(const std::vector<bool>& chosen) const {
    double out = 0;
    for (const Row& row : queries) {
        out += row.weight * query_cost(row, chosen);
    }
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        if (chosen[at]) {
            out += upkeep[at] + size_cost[at];
        }
    }
    return out;
}

CostTable make_cost_table(const std::vector<QueryModel>& queries,
                          const std::vector<Candidate>& candidates,
                          const CostWeights& weights,
                          Judge& judge) {
    CostTable out;
    for (const QueryModel& query : queries) {
        if (!query.reads) {
            continue;
        }
        CostTable::Row row;
        row.weight = query.calls_a_minute;
        row.scan = judge.scan(query).us;
        row.whole.by_branch = costs_of(query, {query.whole}, candidates, judge);
        row.branches.by_branch = costs_of(query, query.branches, candidates, judge);
        out.queries.push_back(std::move(row));
    }
    for (const Candidate& candidate : candidates) {
        double upkeep = 0;
        for (const QueryModel& query : queries) {
            upkeep += query.calls_a_minute * judge.upkeep(query, candidate);
        }
        out.upkeep.push_back(upkeep);
        out.size_cost.push_back(candidate.bytes / kBytesInMegabyte * weights.megabyte_minute);
        out.must_stay.push_back(candidate.must_stay);
    }
    return out;
}

Selection select_indexes(const CostTable& table,
                         const std::vector<Candidate>& candidates,
                         const SelectionLimits& limits) {
    return Search{table, candidates, limits}.run();
}

}  // namespace plumb::advise
