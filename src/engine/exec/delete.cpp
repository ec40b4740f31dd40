// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/matched_records.h"
#include "engine/exec/run_report.h"
#include "engine/exec/write.h"

namespace plumb::exec {
namespace {

WriteRecord remover(std::int64_t& deleted, storage::WriteCost& cost) {
    return [&](storage::Transaction& transaction,
               const storage::Collection& collection,
               const Matched& matched) -> Status {
        PLUMB_CHECK(collection.remove(transaction, matched.id, matched.document, &cost));
        ++deleted;
        return {};
    };
}

Status delete_first(Operation& operation,
                    const MatchedWork& work,
                    std::int64_t& deleted,
                    storage::WriteCost& cost) {
    return run_write(operation, [&](storage::Transaction& transaction) -> Status {
        deleted = 0;
        cost = {};
        PLUMB_TRY(target, find_target(operation, work.query.request.ns));
        if (!target) {
            return {};
        }
        PLUMB_TRY(found,
                  write_first(operation, transaction, *target, work, remover(deleted, cost)));
        static_cast<void>(found);
        return {};
    });
}

Status delete_all(Operation& operation,
                  const MatchedWork& work,
                  std::int64_t& deleted,
                  storage::WriteCost& cost) {
    std::int64_t in_chunk = 0;
    return write_all(operation,
                     work,
                     {.write = remover(in_chunk, cost),
                      .restarted = [&in_chunk] { in_chunk = 0; },
                      .committed = [&] { deleted += in_chunk; }});
}

}  // namespace

Result<std::int64_t> delete_documents(Operation& operation, const DeleteRequest& request) {
    FindRequest find;
    find.ns = request.ns;
    find.filter = request.filter;
    find.hint = request.hint;
    PLUMB_TRY(query, prepare(operation, std::move(find)));
    PLUMB_TRY(exists, target_exists(operation, request.ns));
    if (!exists) {
        operation.statistics.plan_summary = "EOF";
        return std::int64_t{0};
    }
    PLUMB_CHECK(check_removable(operation, request.ns));
    const MatchedWork work{.query = *query,
                           .request = query->planner_request(plan::QueryRequest::Purpose::Write)};
    std::int64_t deleted = 0;
    storage::WriteCost cost;
    PLUMB_CHECK(request.only_one ? delete_first(operation, work, deleted, cost)
                                 : delete_all(operation, work, deleted, cost));
    operation.statistics.documents_deleted += deleted;
    operation.statistics.keys_deleted += cost.keys_deleted;
    bson::Builder counts;
    counts.append("nWouldDelete", static_cast<std::int32_t>(deleted));
    put_stage_on_top(operation, "DELETE", 0, counts.finish_view());
    return deleted;
}

}  // namespace plumb::exec
