// SPDX-License-Identifier: GPL-3.0-or-later
// Running a pipeline: the front of it becomes a query plan, the rest stages on top of it.
//
// Threads  as exec/find.h
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/find.h"
#include "engine/exec/operation.h"

#include <memory>
#include <string>
#include <vector>

namespace plumb::exec {

struct AggregateRequest {
    std::string ns;  // "shop.$cmd.aggregate" for {aggregate: 1}
    std::vector<bson::Document> pipeline;
    bson::Value hint;
    bool allow_disk_use = false;
};

[[nodiscard]] Result<std::unique_ptr<QueryCursor>> open_aggregate(Operation& operation,
                                                                  AggregateRequest request);

// 4.2's form: {stages: [{$cursor: {…}}, {$group: …}]} or, where everything is in the plan,
// queryPlanner as for find.
[[nodiscard]] Result<bson::Document> explain_aggregate(Operation& operation,
                                                       const AggregateRequest& request,
                                                       Verbosity verbosity);

}  // namespace plumb::exec
