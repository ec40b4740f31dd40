// SPDX-License-Identifier: GPL-3.0-or-later
// A strategy that somebody wrote against the advice: what the workload costs under each, query by
// query, by the same estimates.
//
// Threads  value types.
#pragma once

#include "tool/advise/cost.h"

#include <cstddef>
#include <string>
#include <vector>

namespace plumb::advise {

// One of the two sets.
struct SetFigures {
    std::size_t indexes = 0;  // _id_ not counted
    double bytes = 0;
    double upkeep_us = 0;   // a minute, of all writes
    double queries_us = 0;  // a minute
    double cost_us = 0;     // both, and what the size costs
};

struct ComparedQuery {
    std::string label;
    double calls_a_minute = 0;
    Access document;
    Access advised;
    std::string index_document;
    std::string index_advised;
};

struct Comparison {
    std::string file;
    int priority = 0;  // its indexes up to this priority; 0: all
    SetFigures document;
    SetFigures advised;
    std::vector<ComparedQuery> queries;
    std::vector<std::string> left_out;  // indexes that serve no plain query: text, hashed …
};

}  // namespace plumb::advise
