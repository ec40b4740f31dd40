// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/aggregate.h"
#include "engine/exec/count_query.h"
#include "engine/exec/find.h"
#include "engine/exec/query_run.h"
#include "engine/exec/read_attempts.h"
#include "engine/exec/read_snapshot.h"
#include "engine/exec/run_report.h"
#include "engine/exec/view.h"

#include <algorithm>

namespace plumb::exec {
namespace {

Result<std::int64_t> count_view(Operation& operation, const FindRequest& request) {
    FindRequest counted = request;
    counted.projection = bson::Document{};
    counted.sort = bson::Document{};
    if (counted.limit) {
        counted.limit = std::abs(*counted.limit);
    }
    AggregateRequest aggregate{.ns = request.ns, .pipeline = find_as_pipeline(counted), .hint = {}};
    PLUMB_TRY(cursor, open_aggregate(operation, std::move(aggregate)));
    std::int64_t out = 0;
    while (true) {
        PLUMB_TRY(document, cursor->next());
        if (!document) {
            return out;
        }
        ++out;
    }
}

Result<std::int64_t> count_rows(Operation& operation,
                                const PreparedQuery& query,
                                const storage::Collection& collection) {
    PLUMB_TRY(snapshot, ReadSnapshot::take(operation, collection.state()));
    const plan::QueryRequest wanted = count_request(query);
    PLUMB_TRY(run, QueryRun::start(operation, collection, *snapshot, wanted, query.filter, {}));
    const CountWindow window = count_window(query.request);
    std::int64_t seen = 0;
    Row row;
    while (!window.limit || seen < window.skip + *window.limit) {
        PLUMB_TRY(more, run->next(row));
        if (!more) {
            break;
        }
        ++seen;
    }
    report_run(operation, *run);
    const std::int64_t counted = std::max<std::int64_t>(seen - window.skip, 0);
    bson::Builder counts;
    counts.append("nCounted", static_cast<std::int32_t>(counted));
    counts.append("nSkipped", static_cast<std::int32_t>(std::min(window.skip, seen)));
    put_stage_on_top(operation, "COUNT", 0, counts.finish_view());
    return counted;
}

}  // namespace

plan::QueryRequest count_request(const PreparedQuery& query) {
    plan::QueryRequest out = query.planner_request(plan::QueryRequest::Purpose::Count);
    out.sort = bson::View{};
    out.projection = bson::View{};
    out.parsed_projection = nullptr;
    out.skip.reset();
    out.limit.reset();
    return out;
}

CountWindow count_window(const FindRequest& request) {
    CountWindow out;
    out.skip = std::max<std::int64_t>(request.skip.value_or(0), 0);
    if (request.limit.value_or(0) != 0) {
        out.limit = std::abs(*request.limit);
    }
    return out;
}

bool counts_everything(const FindRequest& request) {
    return request.filter.empty() && request.hint.missing();
}

std::int64_t within(const CountWindow& window, std::int64_t all) {
    const std::int64_t left = std::max<std::int64_t>(all - window.skip, 0);
    return window.limit ? std::min(left, *window.limit) : left;
}

Result<std::int64_t> count_documents(Operation& operation, const FindRequest& request) {
    const NamespaceKind kind = kind_of(operation.engine, request.ns);
    if (kind == NamespaceKind::View) {
        return count_view(operation, request);
    }
    PLUMB_TRY(query, prepare(operation, request));
    if (kind == NamespaceKind::Missing) {
        operation.statistics.plan_summary = "EOF";
        return std::int64_t{0};
    }
    // The counter counts what is committed now, which a transaction may not see.
    if (counts_everything(request) && operation.transaction == nullptr) {
        operation.statistics.plan_summary = "RECORD_STORE_FAST_COUNT";
        const std::optional<storage::Collection> now = operation.engine.collection(request.ns);
        return within(count_window(request), now ? now->document_count() : 0);
    }
    return retry_read(operation, [&]() -> Result<std::int64_t> {
        const std::optional<storage::Collection> now = operation.engine.collection(request.ns);
        return now ? count_rows(operation, *query, *now) : Result<std::int64_t>{std::int64_t{0}};
    });
}

}  // namespace plumb::exec
