// SPDX-License-Identifier: GPL-3.0-or-later
// How every query of a workload is planned and what it examines, at one moment: taken before and
// after a change of indexes, two books tell what the change did to all of them.
//
//   PLUMB_TRY(before, snapshot(client, "shop", queries, {}, interrupt));
//   …                                        // create, drop
//   PLUMB_TRY(after, snapshot(client, "shop", queries, {}, interrupt));
//   for (const PlanChange& change : compare(before, after)) { … }        // replan/compare.h
//
// Each command is explained with allPlansExecution, which runs it (an update or delete is only
// planned and writes nothing), and those that read are run as well and timed. Meant for a copy: on
// a server that people use it costs them time.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/replan/contest.h"
#include "tool/replan/plan_query.h"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::replan {

// One query under the indexes that are there. Figures are means over its calls.
struct QueryPlan {
    std::string label;
    std::string collection;
    double calls_a_minute = 0;
    std::size_t calls = 0;  // with different values; 0: none could be planned
    std::string error;      // why a call could not be planned; empty otherwise
    // The indexes of the winning plans ("a_1 + b_1", "scan"), with how many calls each won.
    std::map<std::string, std::size_t> winners;
    std::string winner;  // the most frequent of them
    std::string stages;  // of its plan: "IXSCAN a_1 → FETCH"
    double keys = 0;     // examined
    double docs = 0;
    double returned = 0;
    bool scans = false;  // some call scans the collection
    bool sorts = false;  // some call sorts in memory
    bool looks_up = false;
    double ms = -1;  // the fastest of a few runs; -1: not run

    std::size_t contests = 0;  // calls with more than one candidate plan
    std::size_t close = 0;     // contests that were near-equal
    Contest closest;           // one of these
    // Plans that were candidates in every contest.
    std::set<std::string> rivals;

    [[nodiscard]] double examined() const { return keys + docs; }
    // The plan that won most of the calls that `winner` did not win; empty if there is none.
    [[nodiscard]] std::string second() const;
    // True if two plans that could serve every call win in turn: the one that is cached serves the
    // other's values as well.
    [[nodiscard]] bool flips() const;
};

struct PlanBook {
    std::vector<QueryPlan> queries;                           // in the order asked
    std::map<std::string, std::vector<std::string>> indexes;  // names, by collection

    [[nodiscard]] const QueryPlan* find(std::string_view label) const;
};

struct SnapshotOptions {
    std::size_t calls_max = 8;  // of each query
    int runs = 3;               // of each call that reads; 0: only explained
    double tolerance = 0.05;    // near-equal: the second plan's productivity is within this share
    std::function<void(const std::string& label)> on_query;
};

//   errors  what the server says of listIndexes; Interrupted. What it says of a single query stands
//           in its QueryPlan.
[[nodiscard]] Result<PlanBook> snapshot(client::Client& client,
                                        const std::string& database,
                                        const std::vector<PlanQuery>& queries,
                                        const SnapshotOptions& options,
                                        Interrupt& interrupt);

}  // namespace plumb::replan
