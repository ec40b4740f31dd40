// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/trial.h"

#include <algorithm>

namespace plumb::exec {
namespace {

std::size_t rows_wanted(const TrialLimits& limits) {
    std::size_t out = kTrialRowsMax;
    if (limits.wanted && *limits.wanted > 0) {
        out = std::min(out, static_cast<std::size_t>(*limits.wanted));
    }
    return out;
}

template <class Kind>
bool has(const plan::PlanNode& root) {
    return plan::find_node<Kind>(root) != nullptr;
}

// One for taking part, the rows per unit of work, and crumbs that decide between equals: for not
// fetching below a projection, for not sorting, and for not intersecting indexes, which no plan of
// ours does.
double score_of(const Candidate& candidate) {
    const StageStatistics& done = candidate.root->statistics();
    const auto works = static_cast<double>(std::max<std::int64_t>(done.works, 1));
    const double crumb = std::min(1.0 / (10.0 * works), 1e-4);
    const plan::PlanNode& plan = *candidate.plan;
    double score = 1.0 + static_cast<double>(done.advanced) / works + crumb;
    if (!(has<plan::Project>(plan) && has<plan::Fetch>(plan))) {
        score += crumb;
    }
    if (!has<plan::Sort>(plan)) {
        score += crumb;
    }
    return score + (candidate.root->is_eof() ? 1.0 : 0.0);
}

// One unit of work; true if the candidate has shown all that is needed.
bool work_once(Candidate& candidate, std::size_t wanted) {
    Row row;
    Result<Work> state = candidate.root->work(row);
    if (!state.ok()) {
        candidate.error = std::move(state).error();
        return false;
    }
    if (*state == Work::Advanced) {
        candidate.rows.emplace_back(row);
    }
    return *state == Work::End || candidate.rows.size() >= wanted;
}

bool all_failed(const std::vector<Candidate>& candidates) {
    return std::ranges::all_of(candidates,
                               [](const Candidate& each) { return each.error.has_value(); });
}

}  // namespace

Status run_trial(std::vector<Candidate>& candidates,
                 RunContext& context,
                 const TrialLimits& limits) {
    const std::size_t wanted = rows_wanted(limits);
    const auto part =
        static_cast<std::int64_t>(kTrialWorksPart * static_cast<double>(limits.document_count));
    const std::int64_t rounds = std::max(kTrialWorksMin, part);
    bool done = false;
    for (std::int64_t round = 0; round < rounds && !done; ++round) {
        PLUMB_CHECK(context.interrupt->check());
        for (Candidate& candidate : candidates) {
            if (!candidate.error) {
                done = work_once(candidate, wanted) || done;
            }
        }
        if (all_failed(candidates)) {
            return *candidates.front().error;
        }
    }
    for (Candidate& candidate : candidates) {
        candidate.score = candidate.error ? 0 : score_of(candidate);
    }
    std::ranges::stable_sort(
        candidates, [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    return {};
}

Result<bool> run_for(Candidate& candidate,
                     RunContext& context,
                     std::int64_t works,
                     const TrialLimits& limits) {
    const std::size_t wanted = rows_wanted(limits);
    for (std::int64_t done = 0; done < works; ++done) {
        PLUMB_CHECK(context.interrupt->check());
        if (work_once(candidate, wanted)) {
            return true;
        }
        if (candidate.error) {
            return *candidate.error;
        }
    }
    return false;
}

}  // namespace plumb::exec
