// SPDX-License-Identifier: GPL-3.0-or-later
// Explaining one query on one collection: what find, count, distinct and the writes share.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/explain_tree.h"
#include "engine/exec/prepared_query.h"

#include <functional>
#include <optional>

namespace plumb::exec {

struct ExplainTask {
    plan::QueryRequest request;  // points into the prepared query
    Verbosity verbosity = Verbosity::QueryPlanner;
    std::optional<TopStage> top;  // COUNT, UPDATE, DELETE
    // The fields of `top` after so many matches.
    std::function<bson::Document(std::int64_t matched)> count_fields;
    std::optional<std::int64_t> rows_max;  // the run stops after this many matches
};

[[nodiscard]] Result<bson::Document> explain_query(Operation& operation,
                                                   const PreparedQuery& query,
                                                   const ExplainTask& task);

// The explain of the pipeline that a query on a view is; nothing if `request.ns` is no view.
[[nodiscard]] Result<std::optional<bson::Document>> explain_of_view(Operation& operation,
                                                                    const FindRequest& request,
                                                                    Verbosity verbosity);

}  // namespace plumb::exec
