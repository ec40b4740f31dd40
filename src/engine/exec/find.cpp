// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/find.h"

#include "engine/exec/aggregate.h"
#include "engine/exec/plan_cursor.h"
#include "engine/exec/view.h"

namespace plumb::exec {

Result<std::unique_ptr<QueryCursor>> open_find(Operation& operation, FindRequest request) {
    const NamespaceKind kind = kind_of(operation.engine, request.ns);
    if (kind == NamespaceKind::View) {
        AggregateRequest aggregate{.ns = request.ns, .pipeline = find_as_pipeline(request), .hint = {}};
        aggregate.allow_disk_use = request.allow_disk_use;
        return open_aggregate(operation, std::move(aggregate));
    }
    PLUMB_TRY(query, prepare(operation, std::move(request)));
    if (kind == NamespaceKind::Missing) {
        operation.statistics.plan_summary = "EOF";
        return make_empty_cursor();
    }
    const plan::QueryRequest wanted = query->planner_request(plan::QueryRequest::Purpose::Find);
    PLUMB_TRY(cursor, PlanCursor::open(operation, query, wanted));
    return std::unique_ptr<QueryCursor>{std::move(cursor)};
}

}  // namespace plumb::exec
