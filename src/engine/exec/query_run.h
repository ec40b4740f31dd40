// SPDX-License-Identifier: GPL-3.0-or-later
// A query on one collection while it runs: planned, the best plan found, rows one after the other.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/operation.h"
#include "engine/exec/plan_cache.h"
#include "engine/exec/trial.h"
#include "engine/plan/planner.h"
#include "engine/storage/collection.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::exec {

class QueryRun {
  public:
    struct Options {
        bool use_cache = true;     // explain always tries afresh
        bool keep_losers = false;  // for explain
        bool may_spill = false;    // a sort past its memory goes on over files
        bool tailable = false;     // only where the plan is a collection scan
    };

    // Plans and, if there are several plans, finds the best. What `request` and `filter` point at,
    // the state and the transaction outlive the run (the transaction until save()). With
    // forbid_sort_stage there may be no plan: null.
    //   errors  WriteConflict if the indexes changed meanwhile: take the state and try again
    [[nodiscard]] static Result<std::unique_ptr<QueryRun>> start(
        Operation& operation,
        const storage::Collection& collection,
        storage::Transaction& transaction,
        const plan::QueryRequest& request,
        const query::Matcher& filter,
        const Options& options);

    // True and a row, valid until the next call, or false at the end.
    [[nodiscard]] Result<bool> next(Row& row);

    // Finds the first row now, and keeps it, so that a conflict shows before anything was given.
    [[nodiscard]] Status prime();

    void save();
    // Goes on in another transaction, for another operation.
    [[nodiscard]] Status restore(storage::Transaction& transaction, Operation& operation);

    [[nodiscard]] const plan::PlanNode& plan() const { return *winner_.plan; }
    [[nodiscard]] const RunningStage& root() const { return *winner_.root; }
    // "IXSCAN { user_id: 1 }"
    [[nodiscard]] const std::string& summary() const { return summary_; }
    [[nodiscard]] bool used_disk() const { return context_.used_disk; }
    // True if several plans were tried.
    [[nodiscard]] bool tried_several() const { return tried_several_; }
    // The operation's own query, not one inside of it.
    [[nodiscard]] bool is_main() const { return is_main_; }
    // True if the remembered plan was no longer good.
    [[nodiscard]] bool replanned() const { return replanned_; }
    // Puts the hashes of the query's shape into the operation's statistics, once, if they will be
    // wanted. requires that what the request points at is still there, at the first call
    void report_shape(Operation& operation);
    [[nodiscard]] const std::vector<Candidate>& losers() const { return losers_; }
    // allPlansExecution: what each plan had done when the trial ended, best first.
    [[nodiscard]] const std::vector<bson::Document>& trial_statistics() const {
        return trial_statistics_;
    }
    // Keys and documents since the last call.
    [[nodiscard]] Examined take_examined();

  private:
    QueryRun() = default;
    [[nodiscard]] Status choose(Operation& operation,
                                const storage::Collection& collection,
                                const plan::QueryRequest& request,
                                const Options& options,
                                std::vector<plan::PlanNodePtr> plans);
    [[nodiscard]] Result<bool> try_cached(const PlanCache::Entry& entry,
                                          const TrialLimits& limits,
                                          std::vector<plan::PlanNodePtr>& plans);

    RunContext context_;
    storage::CollectionStatePtr state_;
    Candidate winner_;
    std::vector<Candidate> losers_;
    std::vector<bson::Document> trial_statistics_;
    plan::QueryRequest request_;
    std::chrono::nanoseconds started_{0};
    bool is_main_ = false;
    bool shape_reported_ = false;
    bool tried_several_ = false;
    bool replanned_ = false;
    OwnedRow current_;
    std::optional<Row> primed_;  // found by prime(), not yet shown; points into the plan's stages
    std::string summary_;
    Examined reported_;
};

}  // namespace plumb::exec
