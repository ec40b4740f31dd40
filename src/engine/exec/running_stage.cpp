// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/running_stage.h"

#include "engine/exec/stages.h"

namespace plumb::exec {
namespace {

// Picks the stage for a kind of node.
struct Maker {
    const plan::PlanNode& node;
    RunContext& context;

    RunningStagePtr operator()(const plan::CollectionScan& kind) const {
        return make_collection_scan(node, kind, context);
    }
    RunningStagePtr operator()(const plan::IndexScan& kind) const {
        return make_index_scan(node, kind, context);
    }
    RunningStagePtr operator()(const plan::IdLookup& kind) const {
        return make_id_lookup(node, kind, context);
    }
    RunningStagePtr operator()(const plan::CountScan& kind) const {
        return make_count_scan(node, kind, context);
    }
    RunningStagePtr operator()(const plan::DistinctScan& kind) const {
        return make_distinct_scan(node, kind, context);
    }
    RunningStagePtr operator()(const plan::Fetch&) const { return make_fetch(node, context); }
    RunningStagePtr operator()(const plan::Sort& kind) const {
        return make_sort(node, kind, context);
    }
    RunningStagePtr operator()(const plan::SortMerge& kind) const {
        return make_sort_merge(node, kind, context);
    }
    RunningStagePtr operator()(const plan::Or&) const { return make_union(node, context); }
    RunningStagePtr operator()(const plan::Limit& kind) const {
        return make_limit(node, kind, context);
    }
    RunningStagePtr operator()(const plan::Skip& kind) const {
        return make_skip(node, kind, context);
    }
    RunningStagePtr operator()(const plan::Project& kind) const {
        return make_project(node, kind, context);
    }
    RunningStagePtr operator()(const plan::EndOfFile&) const {
        return make_end_of_file(node, context);
    }
    RunningStagePtr operator()(const plan::Subplan&) const { return make_subplan(node, context); }
};

}  // namespace

Result<Work> RunningStage::work(Row& row) {
    ++statistics_.works;
    Result<Work> done = do_work(row);
    if (done.ok()) {
        statistics_.advanced += *done == Work::Advanced ? 1 : 0;
        statistics_.need_time += *done == Work::NeedTime ? 1 : 0;
    }
    return done;
}

void RunningStage::save() {
    for (const RunningStagePtr& each : children_) {
        each->save();
    }
}

Status RunningStage::restore() {
    for (const RunningStagePtr& each : children_) {
        PLUMB_CHECK(each->restore());
    }
    return {};
}

void RunningStage::append_details(bson::Builder& /*out*/, bool /*counts*/) const {}

RunningStagePtr build_stages(const plan::PlanNode& plan, RunContext& context) {
    RunningStagePtr out = std::visit(Maker{plan, context}, plan.node);
    for (const plan::PlanNodePtr& child : plan.children) {
        out->add_child(build_stages(*child, context));
    }
    return out;
}

Examined examined_by(const RunningStage& root) {
    Examined out{.keys = root.keys_examined(), .docs = root.docs_examined()};
    for (const RunningStagePtr& child : root.children()) {
        const Examined below = examined_by(*child);
        out.keys += below.keys;
        out.docs += below.docs;
    }
    return out;
}

}  // namespace plumb::exec
