// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's contest for one call: what each candidate plan had done when the trial ended, as
// `explain` with allPlansExecution tells it.
//
//   const Contest contest = read_contest(explain_reply);
//   if (contest.near_equal(0.05)) { … }        // the cached plan may be another one tomorrow
//
// A planner ranks by productivity (documents returned for each unit of work); a plan that came to
// its end during the trial beats one that did not. Where the best two are close, a few documents
// decide, and the plan cache holds now the one and now the other.
//
// Source   MongoDB manual, "Query Plans", "Explain Results"; docs/decisions/0020
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <string>
#include <vector>

namespace plumb::replan {

// One candidate when the trial ended.
struct Trial {
    std::string plan;  // the names of its indexes, "a_1_b_1"; "scan" without any
    double returned = 0;
    double works = 0;
    bool finished = false;

    [[nodiscard]] double productivity() const { return works > 0 ? returned / works : 0; }
};

struct Contest {
    std::vector<Trial> trials;  // the best one first; fewer than two: there was no contest

    // True if the second plan's productivity is within `tolerance` (a share) of the first one's and
    // the trial was long enough for the choice to matter.
    [[nodiscard]] bool near_equal(double tolerance) const;
    [[nodiscard]] bool tied() const;
};

// A contest that ends after so few units of work is about queries too cheap to be worth a word.
inline constexpr double kWorksMin = 10;

// Reads the forms of standalone, replica set and sharded (first shard) servers, of find, count,
// update and aggregate; an empty contest where the reply has none.
[[nodiscard]] Contest read_contest(bson::View explain_reply);

}  // namespace plumb::replan
