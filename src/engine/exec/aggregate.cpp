// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/aggregate.h"

#include "engine/exec/explain_query.h"
#include "engine/exec/pipeline_cursor.h"

namespace plumb::exec {
namespace {

PipelineRequest pipeline_request(const Operation& operation, const AggregateRequest& request) {
    PipelineRequest out;
    out.ns = request.ns;
    out.stages = request.pipeline;
    out.expressions = operation.expressions;
    out.hint = request.hint;
    out.allow_disk_use = request.allow_disk_use;
    return out;
}

// The plan's part of the explanation: {queryPlanner: …, executionStats: …}.
Result<bson::Document> explain_front(Operation& operation,
                                     const AggregateRequest& request,
                                     const PipelineSplit& split,
                                     Verbosity verbosity) {
    FindRequest find;
    find.ns = split.ns;
    find.filter = split.front.filter;
    find.hint = request.hint;
    const bool with_sort = split.front.sort.has_value();
    if (with_sort) {
        find.sort = *split.front.sort;
    }
    if (split.distinct) {
        bson::Builder projection;
        projection.append("_id", 0);
        projection.append(*split.distinct, 1);
        find.projection = projection.finish();
    } else if (split.front.projection) {
        find.projection = *split.front.projection;
    }
    PLUMB_TRY(query, prepare(operation, std::move(find)));
    ExplainTask task;
    task.request = front_request(*query, split, with_sort, split.distinct.has_value());
    task.verbosity = verbosity;
    task.rows_max = split.front.limit;
    return explain_query(operation, *query, task);
}

void append_cursor_stage(bson::Builder& out,
                         const PipelineSplit& split,
                         const bson::Document& plan) {
    out.push_document();
    out.begin_document("$cursor");
    out.append("query", split.front.filter);
    if (split.front.sort) {
        out.append("sort", *split.front.sort);
    }
    if (split.front.limit) {
        out.append("limit", *split.front.limit);
    }
    if (split.front.projection) {
        out.append("fields", *split.front.projection);
    }
    out.append_all(plan);
    out.end();
    out.end();
}

}  // namespace

Result<std::unique_ptr<QueryCursor>> open_aggregate(Operation& operation,
                                                    AggregateRequest request) {
    PLUMB_TRY(cursor, PipelineCursor::open(operation, pipeline_request(operation, request)));
    return std::unique_ptr<QueryCursor>{std::move(cursor)};
}

Result<bson::Document> explain_aggregate(Operation& operation,
                                         const AggregateRequest& request,
                                         Verbosity verbosity) {
    PLUMB_TRY(cursor, PipelineCursor::open(operation, pipeline_request(operation, request)));
    const PipelineSplit& split = cursor->split();
    bson::Builder out;
    out.begin_array("stages");
    if (split.reads_collection) {
        PLUMB_TRY(plan, explain_front(operation, request, split, verbosity));
        if (cursor->pipeline().stages.empty()) {
            return std::move(plan);
        }
        append_cursor_stage(out, split, plan);
    }
    // The limit that the plan's part shows is not shown again.
    std::size_t skipped = split.front.limit ? 1 : 0;
    for (const auto& each : cursor->pipeline().stages) {
        if (skipped > 0) {
            --skipped;
            continue;
        }
        bson::Builder stage;
        each->append_explain(stage);
        out.push(stage.finish());
    }
    out.end();
    return out.finish();
}

}  // namespace plumb::exec
