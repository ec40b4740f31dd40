// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/explain_query.h"
#include "engine/exec/write.h"
#include "engine/exec/write_target.h"
#include "engine/query/update.h"

namespace plumb::exec {
namespace {

Result<bson::Document> explain_write(Operation& operation,
                                     const std::string& ns,
                                     const bson::Document& filter,
                                     const bson::Value& hint,
                                     ExplainTask task) {
    PLUMB_TRY(exists, target_exists(operation, ns));
    FindRequest find;
    find.ns = ns;
    find.filter = filter;
    find.hint = hint;
    PLUMB_TRY(query, prepare(operation, std::move(find)));
    if (!exists) {
        return explain_single_stage(ns, query->filter.to_bson(), "EOF", {}, task.verbosity);
    }
    task.request = query->planner_request(plan::QueryRequest::Purpose::Write);
    return explain_query(operation, *query, task);
}

}  // namespace

Result<bson::Document> explain_update(Operation& operation,
                                      const UpdateRequest& request,
                                      Verbosity verbosity) {
    PLUMB_TRY(update,
              query::Update::parse(request.update,
                                   {.array_filters = request.array_filters,
                                    .multi = request.multi,
                                    .context = operation.expressions}));
    static_cast<void>(update);
    ExplainTask task;
    task.verbosity = verbosity;
    task.top = TopStage{.name = "UPDATE", .counts = {}};
    task.count_fields = [upsert = request.upsert](std::int64_t matched) {
        bson::Builder out;
        out.append("nMatched", static_cast<std::int32_t>(matched));
        out.append("nWouldModify", static_cast<std::int32_t>(matched));
        out.append("wouldInsert", upsert && matched == 0);
        return out.finish();
    };
    if (!request.multi) {
        task.rows_max = 1;
    }
    return explain_write(operation, request.ns, request.filter, request.hint, std::move(task));
}

Result<bson::Document> explain_delete(Operation& operation,
                                      const DeleteRequest& request,
                                      Verbosity verbosity) {
    ExplainTask task;
    task.verbosity = verbosity;
    task.top = TopStage{.name = "DELETE", .counts = {}};
    task.count_fields = [](std::int64_t matched) {
        bson::Builder out;
        out.append("nWouldDelete", static_cast<std::int32_t>(matched));
        return out.finish();
    };
    if (request.only_one) {
        task.rows_max = 1;
    }
    return explain_write(operation, request.ns, request.filter, request.hint, std::move(task));
}

}  // namespace plumb::exec
