// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/run_report.h"
#include "engine/exec/update_write.h"
#include "engine/exec/write.h"

namespace plumb::exec {
namespace {

class Updater {
  public:
    Updater(Operation& operation,
            const UpdateRequest& request,
            const PreparedQuery& query,
            const query::Update& update)
        : operation_(operation),
          request_(request),
          query_(query),
          update_(update),
          work_{.query = query,
                .request = query.planner_request(plan::QueryRequest::Purpose::Write),
                .wants_position = update.needs_position()} {}

    Result<UpdateOutcomeCounts> run() {
        if (request_.multi) {
            PLUMB_CHECK(update_all());
        }
        if (!request_.multi || (request_.upsert && counts_.matched == 0)) {
            PLUMB_CHECK(update_or_insert_one());
        }
        report();
        return std::move(counts_);
    }

  private:
    void report() {
        OperationStatistics& statistics = operation_.statistics;
        statistics.documents_updated += counts_.modified;
        statistics.documents_matched += counts_.matched;
        statistics.upserted = statistics.upserted || counts_.upserted_id.has_value();
        bson::Builder counts;
        counts.append("nMatched", static_cast<std::int32_t>(counts_.matched));
        counts.append("nWouldModify", static_cast<std::int32_t>(counts_.modified));
        counts.append("wouldInsert", counts_.upserted_id.has_value());
        put_stage_on_top(operation_, "UPDATE", 0, counts.finish_view());
    }

    UpdateTask task() const {
        return {.update = update_, .bypass_validation = request_.bypass_validation};
    }

    WriteRecord writer(UpdateOutcomeCounts& into) {
        return [this, &into](storage::Transaction& transaction,
                             const storage::Collection& collection,
                             const Matched& matched) -> Status {
            PLUMB_TRY(changed, apply_update(operation_, transaction, collection, task(), matched));
            ++into.matched;
            into.modified += changed ? 1 : 0;
            return {};
        };
    }

    Status update_all() {
        UpdateOutcomeCounts chunk;
        return write_all(operation_,
                         work_,
                         {.write = writer(chunk),
                          .restarted = [&chunk] { chunk = {}; },
                          .committed =
                              [this, &chunk] {
                                  counts_.matched += chunk.matched;
                                  counts_.modified += chunk.modified;
                              }});
    }

    Status update_or_insert_one() {
        for (int attempt = 1;; ++attempt) {
            Status status = run_write(operation_, [this](storage::Transaction& transaction) {
                counts_ = {};
                return attempt_one(transaction);
            });
            const bool lost_race = !status.ok() && request_.upsert && inserting_ &&
                                   status.error().code() == ErrorCode::DuplicateKey;
            if (!lost_race || attempt == kUpsertAttemptsMax) {
                return status;
            }
            PLUMB_CHECK(operation_.interrupt.check());
            // If the key that is in the way belongs to no match, looking again changes nothing.
            if (attempt > 1 && !matches_now()) {
                return status;
            }
        }
    }

    bool matches_now() {
        bool found = false;
        const Status status =
            run_write(operation_, [&](storage::Transaction& transaction) -> Status {
                PLUMB_TRY(target, find_target(operation_, request_.ns));
                if (target) {
                    PLUMB_TRY(first,
                              write_first(operation_,
                                          transaction,
                                          *target,
                                          work_,
                                          [](storage::Transaction&,
                                             const storage::Collection&,
                                             const Matched&) { return Status{}; }));
                    found = first;
                }
                return {};
            });
        return status.ok() && found;
    }

    Status attempt_one(storage::Transaction& transaction) {
        inserting_ = false;
        PLUMB_TRY(target, find_target(operation_, request_.ns));
        if (target) {
            PLUMB_TRY(found, write_first(operation_, transaction, *target, work_, writer(counts_)));
            if (found) {
                return {};
            }
        }
        if (!request_.upsert || !target) {
            return {};
        }
        inserting_ = true;
        PLUMB_TRY(document,
                  insert_upserted(operation_, transaction, *target, task(), query_.filter.root()));
        counts_.upserted_id = bson::Value{document.find("_id")};
        counts_.matched = 0;
        return {};
    }

    Operation& operation_;
    const UpdateRequest& request_;
    const PreparedQuery& query_;
    const query::Update& update_;
    MatchedWork work_;
    UpdateOutcomeCounts counts_;
    bool inserting_ = false;
};

}  // namespace

Result<UpdateOutcomeCounts> update_documents(Operation& operation, const UpdateRequest& request) {
    FindRequest find;
    find.ns = request.ns;
    find.filter = request.filter;
    find.hint = request.hint;
    PLUMB_TRY(query, prepare(operation, std::move(find)));
    PLUMB_TRY(update,
              query::Update::parse(request.update,
                                   {.array_filters = request.array_filters,
                                    .multi = request.multi,
                                    .context = operation.expressions}));
    if (request.upsert) {
        PLUMB_CHECK(ensure_target(operation, request.ns));
    } else {
        PLUMB_TRY(exists, target_exists(operation, request.ns));
        if (!exists) {
            operation.statistics.plan_summary = "EOF";
            return UpdateOutcomeCounts{};
        }
    }
    return Updater{operation, request, *query, update}.run();
}

}  // namespace plumb::exec
