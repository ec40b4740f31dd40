// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/query_run.h"

#include "engine/exec/explain_tree.h"
#include "engine/exec/query_hash.h"

#include <algorithm>

namespace plumb::exec {
namespace {

Candidate make_candidate(plan::PlanNodePtr plan, RunContext& context) {
    Candidate out;
    out.plan = std::move(plan);
    out.root = build_stages(*out.plan, context);
    return out;
}

PlanCache::Entry cache_entry(const plan::QueryRequest& request,
                             const storage::CollectionState& collection,
                             const std::vector<Candidate>& candidates,
                             const Clock& clock) {
    const Candidate& winner = candidates.front();
    PlanCache::Entry out;
    bson::Builder tree;
    append_stage(tree, *winner.root, false);
    out.cached_plan = tree.finish();
    for (const Candidate& candidate : candidates) {
        out.creation_statistics.push_back(candidate_statistics(*candidate.root));
        out.scores.push_back(candidate.score);
    }
    out.ns = collection.ns;
    out.plan = plan_fingerprint(*winner.plan);
    out.works = winner.root->statistics().works;
    out.query_hash = query_hash(request);
    out.cache_key = plan_cache_hash(request, collection);
    out.query = bson::Document{request.filter_as_given};
    out.sort = bson::Document{request.sort};
    out.projection = bson::Document{request.projection};
    out.created = bson::Date{clock.now().count()};
    return out;
}

}  // namespace

Result<std::unique_ptr<QueryRun>> QueryRun::start(Operation& operation,
                                                  const storage::Collection& collection,
                                                  storage::Transaction& transaction,
                                                  const plan::QueryRequest& request,
                                                  const query::Matcher& filter,
                                                  const Options& options) {
    std::unique_ptr<QueryRun> run{new QueryRun};  // NOLINT: the constructor is private
    run->state_ = collection.shared_state();
    run->context_.transaction = &transaction;
    run->context_.collection = run->state_.get();
    run->context_.interrupt = &operation.interrupt;
    run->context_.filter = &filter;
    if (options.may_spill) {
        run->context_.spill_folder = operation.engine.temporary_folder().string();
    }
    run->context_.tailable = options.tailable;
    run->request_ = request;
    run->started_ = operation.clock.monotonic();
    const TrialLimits limits{collection.document_count(), std::nullopt};
    const auto choose_branch = [&](std::vector<plan::PlanNodePtr>& plans) -> Result<std::size_t> {
        std::vector<Candidate> candidates;
        std::vector<const plan::PlanNode*> order;
        for (plan::PlanNodePtr& plan : plans) {
            order.push_back(plan.get());
            candidates.push_back(make_candidate(std::move(plan), run->context_));
        }
        PLUMB_CHECK(run_trial(candidates, run->context_, limits));
        const auto found = std::ranges::find(order, candidates.front().plan.get());
        return static_cast<std::size_t>(found - order.begin());
    };
    PLUMB_TRY(plans, plan::plan_query(request, *run->state_, choose_branch));
    if (plans.empty()) {
        return std::unique_ptr<QueryRun>{};
    }
    PLUMB_CHECK(run->choose(operation, collection, request, options, std::move(plans)));
    operation.plan_cache.index_usage().count(*run->state_, run->plan(), operation.clock);
    run->summary_ = plan::plan_summary(run->plan());
    // What runs inside of another query ($lookup) does not stand for the whole.
    run->is_main_ = operation.statistics.plan_summary.empty();
    if (run->is_main_) {
        operation.statistics.plan_summary = run->summary_;
    }
    operation.statistics.has_sort_stage =
        operation.statistics.has_sort_stage || plan::find_node<plan::Sort>(run->plan()) != nullptr;
    return run;
}

Status QueryRun::choose(Operation& operation,
                        const storage::Collection& collection,
                        const plan::QueryRequest& request,
                        const Options& options,
                        std::vector<plan::PlanNodePtr> plans) {
    if (plans.size() == 1) {
        winner_ = make_candidate(std::move(plans.front()), context_);
        return {};
    }
    const TrialLimits limits{collection.document_count(), request.limit};
    std::string key;
    if (options.use_cache) {
        key = PlanCache::key_of(request, *state_);
        if (const auto entry = operation.plan_cache.find_active(key)) {
            PLUMB_TRY(good, try_cached(*entry, limits, plans));
            if (good) {
                return {};
            }
            replanned_ = true;
        }
    }
    tried_several_ = true;
    std::vector<Candidate> candidates;
    for (plan::PlanNodePtr& plan : plans) {
        candidates.push_back(make_candidate(std::move(plan), context_));
    }
    PLUMB_CHECK(run_trial(candidates, context_, limits));
    if (options.keep_losers) {
        for (const Candidate& candidate : candidates) {
            trial_statistics_.push_back(candidate_statistics(*candidate.root));
        }
    }
    if (options.use_cache) {
        operation.plan_cache.remember(key,
                                      cache_entry(request, *state_, candidates, operation.clock));
    }
    winner_ = std::move(candidates.front());
    if (options.keep_losers) {
        losers_.assign(std::make_move_iterator(candidates.begin() + 1),
                       std::make_move_iterator(candidates.end()));
    }
    return {};
}

Result<bool> QueryRun::try_cached(const PlanCache::Entry& entry,
                                  const TrialLimits& limits,
                                  std::vector<plan::PlanNodePtr>& plans) {
    const auto found = std::ranges::find_if(plans, [&](const plan::PlanNodePtr& plan) {
        return plan_fingerprint(*plan) == entry.plan;
    });
    if (found == plans.end()) {
        return false;
    }
    Candidate candidate = make_candidate(std::move(*found), context_);
    PLUMB_TRY(good, run_for(candidate, context_, entry.works * kReplanFactor, limits));
    if (good) {
        winner_ = std::move(candidate);
        return true;
    }
    *found = std::move(candidate.plan);
    return false;
}

Result<bool> QueryRun::next(Row& row) {
    if (primed_) {
        row = *primed_;
        primed_.reset();
        return true;
    }
    if (!winner_.rows.empty()) {
        current_ = std::move(winner_.rows.front());
        winner_.rows.pop_front();
        row = current_.view();
        return true;
    }
    while (true) {
        PLUMB_CHECK(context_.interrupt->check());
        PLUMB_TRY(state, winner_.root->work(row));
        if (state != Work::NeedTime) {
            return state == Work::Advanced;
        }
    }
}

Status QueryRun::prime() {
    if (!winner_.rows.empty() || winner_.root->is_eof()) {
        return {};
    }
    Row row;
    PLUMB_TRY(found, next(row));
    if (found) {
        primed_ = row;
    }
    return {};
}

void QueryRun::save() {
    if (primed_) {
        winner_.rows.emplace_front(*primed_);
        primed_.reset();
    }
    winner_.root->save();
    for (Candidate& loser : losers_) {
        loser.root->save();
    }
    context_.transaction = nullptr;
}

Status QueryRun::restore(storage::Transaction& transaction, Operation& operation) {
    context_.transaction = &transaction;
    context_.interrupt = &operation.interrupt;
    return winner_.root->restore();
}

void QueryRun::report_shape(Operation& operation) {
    // Two strings are made for the hashes: not for a query that nobody will ask about.
    constexpr std::chrono::milliseconds kLong{1};
    if (shape_reported_ || !is_main_) {
        return;
    }
    shape_reported_ = true;
    const bool wanted =
        operation.wants_execution_stats || operation.clock.monotonic() - started_ >= kLong;
    if (wanted && has_cached_shape(request_, plan())) {
        operation.statistics.query_hash = query_hash(request_);
        operation.statistics.plan_cache_key = plan_cache_hash(request_, *state_);
    }
}

Examined QueryRun::take_examined() {
    const Examined total = examined_by(*winner_.root);
    const Examined out{.keys = total.keys - reported_.keys, .docs = total.docs - reported_.docs};
    reported_ = total;
    return out;
}

}  // namespace plumb::exec
