// SPDX-License-Identifier: GPL-3.0-or-later
// A find request with everything in it parsed and checked, before a collection is looked at.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/find.h"
#include "engine/plan/planner.h"
#include "engine/query/matcher.h"
#include "engine/query/projection.h"

#include <memory>
#include <optional>

namespace plumb::exec {

struct PreparedQuery {
    FindRequest request;
    query::Matcher filter;
    std::optional<query::Projection> projection;

    // For the planner; points into this object.
    [[nodiscard]] plan::QueryRequest planner_request(plan::QueryRequest::Purpose purpose) const;
};

// errors  as the parsers': BadValue for an unknown operator or a sort order that is none …
// A pointer, since what the planner gets points into it.
[[nodiscard]] Result<std::unique_ptr<PreparedQuery>> prepare(
    const query::ExpressionContext& context, FindRequest request);
[[nodiscard]] inline Result<std::unique_ptr<PreparedQuery>> prepare(const Operation& operation,
                                                                    FindRequest request) {
    return prepare(operation.expressions, std::move(request));
}

}  // namespace plumb::exec
