// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the candidates of a collection to have: the set with the lowest total cost, queries and
// upkeep and size together.
//
// A query's cost under a set is that of its best index there, so the costs of single pairs decide
// the cost of every set: small collections are searched exhaustively, the others by adding the best
// one, by taking out what no longer pays, and by exchanging, until nothing helps.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/cost.h"
#include "tool/advise/query_model.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace plumb::advise {

// All that selection looks at, in microseconds a minute.
struct CostTable {
    struct Alternative {  // one way to answer a query: a scan or its branches
        std::vector<std::vector<double>> by_branch;  // [branch][candidate]; infinite: not usable
    };
    struct Row {
        double scan = 0;
        Alternative whole;     // one branch: the conjunction outside of $or
        Alternative branches;  // of the $or; empty if there is none
        double weight = 0;     // calls a minute
    };
    std::vector<Row> queries;
    std::vector<double> upkeep;     // [candidate]: of all writes, a minute
    std::vector<double> size_cost;  // [candidate]
    std::vector<bool> must_stay;    // [candidate]

    [[nodiscard]] std::size_t candidates() const { return upkeep.size(); }
    // What one query costs a call under a set of candidates.
    [[nodiscard]] double query_cost(const Row& row, const std::vector<bool>& chosen) const;
    // The workload's cost a minute under a set.
    [[nodiscard]] double total(const std::vector<bool>& chosen) const;
};

[[nodiscard]] CostTable make_cost_table(const std::vector<QueryModel>& queries,
                                        const std::vector<Candidate>& candidates,
                                        const CostWeights& weights,
                                        Judge& judge);

struct SelectionLimits {
    std::optional<std::size_t> indexes_max;  // in all, what must stay included, _id_ not
    std::optional<double> bytes_max;
    // An index has to take off at least this share of the collection's cost without it.
    double gain_min = 0.002;
};

struct Selection {
    std::vector<bool> chosen;
    double cost_before = 0;  // with what is there now
    double cost_after = 0;
    bool exhaustive = false;
};

// Candidates up to this many that are useful at all are searched exhaustively.
inline constexpr std::size_t kExhaustiveMax = 18;

[[nodiscard]] Selection select_indexes(const CostTable& table,
                                       const std::vector<Candidate>& candidates,
                                       const SelectionLimits& limits);

}  // namespace plumb::advise
