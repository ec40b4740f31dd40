// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/count_query.h"
#include "engine/exec/explain_query.h"
#include "engine/exec/explain_tree.h"
#include "engine/exec/find.h"
#include "engine/exec/query_hash.h"
#include "engine/exec/read_attempts.h"

namespace plumb::exec {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

class ExplainRun {
  public:
    ExplainRun(Operation& operation, const PreparedQuery& query, const ExplainTask& task)
        : operation_(operation), query_(query), task_(task) {}

    Result<bson::Document> explain(const storage::Collection& collection) {
        const std::chrono::nanoseconds start = operation_.clock.monotonic();
        PLUMB_TRY(transaction, operation_.engine.begin(storage::Access::Read));
        PLUMB_TRY(run,
                  QueryRun::start(operation_,
                                  collection,
                                  *transaction,
                                  task_.request,
                                  query_.filter,
                                  {.use_cache = false,
                                   .keep_losers = true,
                                   .may_spill = query_.request.allow_disk_use}));
        Explained what;
        what.ns = query_.request.ns;
        what.parsed_query = query_.filter.to_bson();
        what.run = run.get();
        if (plan::find_node<plan::IdLookup>(run->plan()) == nullptr) {
            what.query_hash = query_hash(task_.request);
            what.plan_cache_key = plan_cache_hash(task_.request, collection.state());
        }
        what.top = task_.top;
        if (task_.verbosity != Verbosity::QueryPlanner) {
            PLUMB_CHECK(execute(*run, what));
        }
        what.milliseconds = (operation_.clock.monotonic() - start).count() / kNanosPerMilli;
        bson::Builder out;
        append_query_planner(out, what);
        if (task_.verbosity != Verbosity::QueryPlanner) {
            append_execution_stats(out, what, task_.verbosity);
        }
        return out.finish();
    }

  private:
    Status execute(QueryRun& run, Explained& what) {
        std::int64_t matched = 0;
        Row row;
        while (!task_.rows_max || matched < *task_.rows_max) {
            PLUMB_TRY(more, run.next(row));
            if (!more) {
                break;
            }
            ++matched;
        }
        if (what.top && task_.count_fields) {
            what.top->counts = task_.count_fields(matched);
        }
        return {};
    }

    Operation& operation_;
    const PreparedQuery& query_;
    const ExplainTask& task_;
};

}  // namespace

Result<bson::Document> explain_query(Operation& operation,
                                     const PreparedQuery& query,
                                     const ExplainTask& task) {
    return retry_read(operation, [&]() -> Result<bson::Document> {
        const std::optional<storage::Collection> collection =
            operation.engine.collection(query.request.ns);
        if (!collection) {
            return explain_single_stage(
                query.request.ns, query.filter.to_bson(), "EOF", {}, task.verbosity);
        }
        return ExplainRun{operation, query, task}.explain(*collection);
    });
}

Result<bson::Document> explain_find(Operation& operation,
                                    const FindRequest& request,
                                    Verbosity verbosity) {
    PLUMB_TRY(pipeline, explain_of_view(operation, request, verbosity));
    if (pipeline) {
        return *pipeline;
    }
    PLUMB_TRY(query, prepare(operation, request));
    ExplainTask task;
    task.request = query->planner_request(plan::QueryRequest::Purpose::Find);
    task.verbosity = verbosity;
    return explain_query(operation, *query, task);
}

Result<bson::Document> explain_count(Operation& operation,
                                     const FindRequest& request,
                                     Verbosity verbosity) {
    PLUMB_TRY(pipeline, explain_of_view(operation, request, verbosity));
    if (pipeline) {
        return *pipeline;
    }
    PLUMB_TRY(query, prepare(operation, request));
    const CountWindow window = count_window(request);
    const auto fields = [window](std::int64_t matched) {
        bson::Builder out;
        out.append("nCounted", static_cast<std::int32_t>(within(window, matched)));
        out.append("nSkipped", static_cast<std::int32_t>(std::min(window.skip, matched)));
        return out.finish();
    };
    if (counts_everything(request)) {
        const std::optional<storage::Collection> collection =
            operation.engine.collection(request.ns);
        if (collection) {
            return explain_single_stage(request.ns,
                                        query->filter.to_bson(),
                                        "RECORD_STORE_FAST_COUNT",
                                        fields(collection->document_count()),
                                        verbosity);
        }
    }
    ExplainTask task;
    task.request = count_request(*query);
    task.verbosity = verbosity;
    task.top = TopStage{.name = "COUNT", .counts = {}};
    task.count_fields = fields;
    if (window.limit) {
        task.rows_max = window.skip + *window.limit;
    }
    return explain_query(operation, *query, task);
}

}  // namespace plumb::exec
