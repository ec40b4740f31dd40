// SPDX-License-Identifier: GPL-3.0-or-later
// What each query costs under each single candidate: the cost of every set of indexes follows,
// since a query's cost under a set is that of its best index there.
//
// Threads  value types.
#pragma once

#include "tool/advise/cost.h"
#include "tool/advise/query_model.h"

#include <cstddef>
#include <vector>

namespace plumb::advise {

// All that selection looks at, in microseconds a minute.
struct CostTable {
    struct Alternative {  // one way to answer a query: the conjunction, or the branches of an $or
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
    double writes = 0;              // what the writes cost a minute without any index

    [[nodiscard]] std::size_t candidates() const { return upkeep.size(); }
    // What one query costs a call under a set of candidates. Where an index can be used a server
    // does not consider a scan, even if that would cost less.
    [[nodiscard]] double query_cost(const Row& row, const std::vector<bool>& chosen) const;
    // The workload's cost a minute under a set.
    [[nodiscard]] double total(const std::vector<bool>& chosen) const;
};

[[nodiscard]] CostTable make_cost_table(const std::vector<QueryModel>& queries,
                                        const std::vector<Candidate>& candidates,
                                        const CostWeights& weights,
                                        Judge& judge);

}  // namespace plumb::advise
