// SPDX-License-Identifier: GPL-3.0-or-later
// What an explain reply says, in one line and a few numbers.
//
//   summarise_plan(reply).text == "IXSCAN user_id_1 → FETCH → SORT"
//
// Reads the forms of standalone, replica set and sharded servers, of find, count, update and
// aggregate.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::bench {

struct PlanSummary {
    std::string text;                  // stages from the bottom up; empty if nothing was recognised
    std::vector<std::string> indexes;  // names, in the order of the plan
    double keys_examined = 0;
    double docs_examined = 0;
    bool executed = false;  // the numbers were counted, not missing
    bool collection_scan = false;
    bool sorts_in_memory = false;
    bool looks_up = false;  // a $lookup runs, whose work the server does not count here
};

[[nodiscard]] PlanSummary summarise_plan(bson::View explain_reply);

}  // namespace plumb::bench
