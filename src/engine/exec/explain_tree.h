// SPDX-License-Identifier: GPL-3.0-or-later
// Plans as explain shows them, with or without what they did.
//
// Source   tests/conformance/samples (explainFind, profile)
// Threads  pure functions.
#pragma once

#include "bson/builder.h"
#include "engine/exec/find.h"
#include "engine/exec/query_run.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace plumb::exec {

// A stage that is not part of a plan but stands on top of it: COUNT, UPDATE, DELETE.
struct TopStage {
    std::string name;
    bson::Document counts;  // its own fields of the execution statistics
};

// {stage: "FETCH", …, inputStage: {…}}. With `counts`, the statistics of each stage.
void append_stage(bson::Builder& out, const RunningStage& stage, bool counts);

// The plan of a run as its winning plan is shown: without the SUBPLAN above plans that were tried.
void append_run(bson::Builder& out, const QueryRun& run, bool counts);

// nReturned … isEOF, the execution statistics that every stage has.
void append_common(bson::Builder& out, const StageStatistics& done, bool eof);

// One entry of allPlansExecution.
[[nodiscard]] bson::Document candidate_statistics(const RunningStage& root);

// What explain's two parts are made from.
struct Explained {
    std::string ns;
    bson::Document parsed_query;
    std::string query_hash;  // empty: not shown
    std::string plan_cache_key;
    const QueryRun* run = nullptr;
    std::optional<TopStage> top;  // left out where several plans were tried, as 4.2 does
    std::int64_t milliseconds = 0;
};

void append_query_planner(bson::Builder& out, const Explained& what);
void append_execution_stats(bson::Builder& out, const Explained& what, Verbosity verbosity);

// A plan of one stage that reads nothing: EOF, RECORD_STORE_FAST_COUNT below COUNT …
[[nodiscard]] bson::Document explain_single_stage(std::string_view ns,
                                                  const bson::Document& parsed_query,
                                                  std::string_view stage,
                                                  const bson::Document& counts,
                                                  Verbosity verbosity);

}  // namespace plumb::exec
