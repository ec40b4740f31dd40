// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/find.h"

#include "engine/exec/aggregate.h"
#include "engine/exec/plan_cursor.h"
#include "engine/exec/view.h"

namespace plumb::exec {

Result<std::unique_ptr<QueryCursor>> open_find(Operation& operation, FindRequest request) {
    PLUMB_TRY(query, prepare(operation, std::move(request)));
    const plan::QueryRequest wanted = query->planner_request(plan::QueryRequest::Purpose::Find);
    NamespaceKind kind = NamespaceKind::Missing;
    PLUMB_TRY(cursor, PlanCursor::open(operation, query, wanted, kind));
    if (cursor != nullptr) {
        return std::unique_ptr<QueryCursor>{std::move(cursor)};
    }
    if (kind == NamespaceKind::View) {
        if (query->request.tailable) {
            return fail(ErrorCode{168}, "Option tailable not supported in aggregation");
        }
        AggregateRequest aggregate;
        aggregate.ns = query->request.ns;
        aggregate.pipeline = find_as_pipeline(query->request);
        aggregate.allow_disk_use = query->request.allow_disk_use;
        return open_aggregate(operation, std::move(aggregate));
    }
    operation.statistics.plan_summary = "EOF";
    return make_empty_cursor();
}

}  // namespace plumb::exec
