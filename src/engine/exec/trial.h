// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the best of several plans by running them side by side for a while: the one that gave
// most rows for its work wins.
//
// Source   MongoDB manual, "Query Plans"; tests/conformance/samples (candidatePlanScores)
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/running_stage.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace plumb::exec {

// A trial ends when a plan has given this many rows or its last one …
inline constexpr std::size_t kTrialRowsMax = 101;
// … or has worked this often, or for this part of the collection's documents if that is more.
inline constexpr std::int64_t kTrialWorksMin = 10'000;
inline constexpr double kTrialWorksPart = 0.29;

// A plan under trial, or the one that won it.
struct Candidate {
    plan::PlanNodePtr plan;
    RunningStagePtr root;
    std::deque<OwnedRow> rows;   // given in the trial, not yet shown to anybody
    std::optional<Error> error;  // it failed and is out
    double score = 0;
};

struct TrialLimits {
    std::int64_t document_count = 0;
    std::optional<std::int64_t> wanted;  // a limit of the query
};

// Runs the trial and sorts `candidates`, best first; of equals the first stays first.
//   errors  the first candidate's if all failed; Interrupted …
[[nodiscard]] Status run_trial(std::vector<Candidate>& candidates,
                               RunContext& context,
                               const TrialLimits& limits);

// Runs one plan for at most `works`, keeping its rows. True if that showed it to be good enough:
// it gave enough rows or all of them.
[[nodiscard]] Result<bool> run_for(Candidate& candidate,
                                   RunContext& context,
                                   std::int64_t works,
                                   const TrialLimits& limits);

}  // namespace plumb::exec
