// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/cost_table.h"

#include <algorithm>
#include <limits>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();
constexpr double kBytesInMegabyte = 1024.0 * 1024.0;

std::vector<std::vector<double>> costs_of(const QueryModel& query,
                                          const std::vector<const Branch*>& branches,
                                          const std::vector<Candidate>& candidates,
                                          Judge& judge) {
    std::vector<std::vector<double>> out;
    for (const Branch* branch : branches) {
        std::vector<double>& row = out.emplace_back();
        row.reserve(candidates.size());
        for (const Candidate& candidate : candidates) {
            const auto access = judge.under(query, *branch, candidate);
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

}  // namespace

double CostTable::query_cost(const Row& row, const std::vector<bool>& chosen) const {
    const double best = std::min(best_of(row.whole, chosen), best_of(row.branches, chosen));
    return best < kUnusable ? best : row.scan;
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
        if (query.writes != WriteKind::None) {
            out.writes += query.calls_a_minute * query.statements * weights.write;
        }
        if (!query.reads) {
            continue;
        }
        std::vector<const Branch*> branches;
        for (const Branch& branch : query.branches) {
            branches.push_back(&branch);
        }
        CostTable::Row row;
        row.weight = query.calls_a_minute;
        row.scan = judge.scan(query).us;
        row.whole.by_branch = costs_of(query, {&query.whole}, candidates, judge);
        row.branches.by_branch = costs_of(query, branches, candidates, judge);
        out.queries.push_back(std::move(row));
    }
    for (const Candidate& candidate : candidates) {
        double upkeep = 0;
        for (const QueryModel& query : queries) {
            if (query.writes != WriteKind::None) {
                upkeep += query.calls_a_minute * judge.upkeep(query, candidate);
            }
        }
        out.upkeep.push_back(upkeep);
        out.size_cost.push_back(candidate.bytes / kBytesInMegabyte * weights.megabyte_minute);
        out.must_stay.push_back(candidate.must_stay);
    }
    return out;
}

}  // namespace plumb::advise
