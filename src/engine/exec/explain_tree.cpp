// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/explain_tree.h"

#include <algorithm>

namespace plumb::exec {
namespace {

// MongoDB gives a small count as an Int32.
void append_count(bson::Builder& out, std::string_view name, std::int64_t count) {
    constexpr std::int64_t kInt32Max = 0x7FFFFFFF;
    if (count > kInt32Max) {
        out.append(name, count);
    } else {
        out.append(name, static_cast<std::int32_t>(count));
    }
}

void append_children(bson::Builder& out, const RunningStage& stage, bool counts) {
    if (stage.children().size() == 1) {
        out.begin_document("inputStage");
        append_stage(out, *stage.children().front(), counts);
        out.end();
    } else if (!stage.children().empty()) {
        out.begin_array("inputStages");
        for (const RunningStagePtr& child : stage.children()) {
            out.push_document();
            append_stage(out, *child, counts);
            out.end();
        }
        out.end();
    }
}

// 4.2 has a stage of its own that makes the keys of a sort; ours makes them while sorting.
void append_sort_input(bson::Builder& out, const RunningStage& sort, bool counts) {
    out.begin_document("inputStage");
    out.append("stage", "SORT_KEY_GENERATOR");
    if (counts) {
        const RunningStage& child = *sort.children().front();
        const StageStatistics& below = child.statistics();
        append_common(out,
                      {.works = below.works + 1,
                       .advanced = below.advanced,
                       .need_time = below.need_time + 1},
                      child.is_eof());
    }
    append_children(out, sort, counts);
    out.end();
}

const RunningStage& shown_root(const QueryRun& run, const RunningStage& root) {
    const bool hidden =
        run.tried_several() && std::holds_alternative<plan::Subplan>(root.node().node);
    return hidden ? *root.children().front() : root;
}

bool shows_top(const Explained& what) {
    return what.top && !what.run->tried_several();
}

void append_top(bson::Builder& out, const Explained& what, bool counts) {
    const RunningStage& root = shown_root(*what.run, what.run->root());
    if (!shows_top(what)) {
        append_stage(out, root, counts);
        return;
    }
    out.append("stage", what.top->name);
    if (counts) {
        const StageStatistics& below = root.statistics();
        append_common(
            out, {.works = below.works + 1, .advanced = 0, .need_time = below.works}, true);
        out.append_all(what.top->counts);
    }
    out.begin_document("inputStage");
    append_stage(out, root, counts);
    out.end();
}

}  // namespace

void append_common(bson::Builder& out, const StageStatistics& done, bool eof) {
    append_count(out, "nReturned", done.advanced);
    out.append("executionTimeMillisEstimate", 0);
    append_count(out, "works", done.works);
    append_count(out, "advanced", done.advanced);
    append_count(out, "needTime", done.need_time);
    out.append("needYield", 0);
    out.append("saveState", 0);
    out.append("restoreState", 0);
    out.append("isEOF", eof ? 1 : 0);
}

void append_run(bson::Builder& out, const QueryRun& run, bool counts) {
    append_stage(out, shown_root(run, run.root()), counts);
}

void append_stage(bson::Builder& out, const RunningStage& stage, bool counts) {
    const plan::PlanNode& node = stage.node();
    out.append("stage", plan::stage_name(node));
    if (node.filter) {
        out.append("filter", query::match_to_bson(*node.filter));
    }
    if (counts) {
        append_common(out, stage.statistics(), stage.is_eof());
    }
    stage.append_details(out, counts);
    if (std::holds_alternative<plan::Sort>(node.node)) {
        append_sort_input(out, stage, counts);
    } else {
        append_children(out, stage, counts);
    }
}

bson::Document candidate_statistics(const RunningStage& root) {
    bson::Builder out;
    const Examined examined = examined_by(root);
    append_count(out, "nReturned", root.statistics().advanced);
    out.append("executionTimeMillisEstimate", 0);
    append_count(out, "totalKeysExamined", examined.keys);
    append_count(out, "totalDocsExamined", examined.docs);
    out.begin_document("executionStages");
    append_stage(out, root, true);
    out.end();
    return out.finish();
}

void append_query_planner(bson::Builder& out, const Explained& what) {
    out.begin_document("queryPlanner");
    out.append("plannerVersion", 1);
    out.append("namespace", what.ns);
    out.append("indexFilterSet", false);
    out.append("parsedQuery", what.parsed_query);
    if (!what.query_hash.empty()) {
        out.append("queryHash", what.query_hash);
        out.append("planCacheKey", what.plan_cache_key);
    }
    out.begin_document("winningPlan");
    append_top(out, what, false);
    out.end();
    out.begin_array("rejectedPlans");
    for (const Candidate& loser : what.run->losers()) {
        out.push_document();
        append_stage(out, shown_root(*what.run, *loser.root), false);
        out.end();
    }
    out.end();
    out.end();
}

void append_execution_stats(bson::Builder& out, const Explained& what, Verbosity verbosity) {
    const RunningStage& root = what.run->root();
    const Examined examined = examined_by(root);
    out.begin_document("executionStats");
    out.append("executionSuccess", true);
    append_count(out, "nReturned", shows_top(what) ? 0 : root.statistics().advanced);
    append_count(out, "executionTimeMillis", what.milliseconds);
    append_count(out, "totalKeysExamined", examined.keys);
    append_count(out, "totalDocsExamined", examined.docs);
    out.begin_document("executionStages");
    append_top(out, what, true);
    out.end();
    if (verbosity == Verbosity::AllPlansExecution) {
        out.begin_array("allPlansExecution");
        for (const bson::Document& each : what.run->trial_statistics()) {
            out.push(each);
        }
        out.end();
    }
    out.end();
}

bson::Document explain_single_stage(std::string_view ns,
                                    const bson::Document& parsed_query,
                                    std::string_view stage,
                                    const bson::Document& counts,
                                    Verbosity verbosity) {
    bson::Builder out;
    out.begin_document("queryPlanner");
    out.append("plannerVersion", 1);
    out.append("namespace", ns);
    out.append("indexFilterSet", false);
    out.append("parsedQuery", parsed_query);
    out.begin_document("winningPlan").append("stage", stage).end();
    out.begin_array("rejectedPlans").end();
    out.end();
    if (verbosity == Verbosity::QueryPlanner) {
        return out.finish();
    }
    out.begin_document("executionStats");
    out.append("executionSuccess", true);
    out.append("nReturned", 0);
    out.append("executionTimeMillis", 0);
    out.append("totalKeysExamined", 0);
    out.append("totalDocsExamined", 0);
    out.begin_document("executionStages");
    out.append("stage", stage);
    append_common(out, {.works = 1, .advanced = 0, .need_time = 0}, true);
    out.append_all(counts);
    out.end();
    if (verbosity == Verbosity::AllPlansExecution) {
        out.begin_array("allPlansExecution").end();
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::exec
