// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/run_report.h"
#include "engine/exec/update_write.h"
#include "engine/exec/write.h"
#include "engine/query/projection.h"

namespace plumb::exec {
namespace {

class FinderModifier {
  public:
    FinderModifier(Operation& operation,
                   const FindAndModifyRequest& request,
                   const PreparedQuery& query,
                   const query::Update* update,
                   const query::Projection* projection)
        : operation_(operation),
          request_(request),
          query_(query),
          update_(update),
          projection_(projection),
          work_{.query = query,
                .request = query.planner_request(plan::QueryRequest::Purpose::Write),
                .wants_position = true} {}

    Result<FindAndModifyOutcome> run() {
        for (int attempt = 1;; ++attempt) {
            Status status = run_write(operation_, [this](storage::Transaction& transaction) {
                outcome_ = {};
                return attempt_once(transaction);
            });
            if (status.ok()) {
                count_statistics();
                return std::move(outcome_);
            }
            if (!inserting_ || status.error().code() != ErrorCode::DuplicateKey ||
                attempt == kUpsertAttemptsMax) {
                return std::move(status).error();
            }
            PLUMB_CHECK(operation_.interrupt.check());
        }
    }

  private:
    void count_statistics() {
        const bool changed = outcome_.count > 0;
        operation_.statistics.documents_deleted += changed && request_.remove ? 1 : 0;
        operation_.statistics.documents_updated += modified_ ? 1 : 0;
        operation_.statistics.documents_matched += changed && outcome_.updated_existing ? 1 : 0;
        operation_.statistics.upserted = outcome_.upserted_id.has_value();
        bson::Builder counts;
        if (request_.remove) {
            counts.append("nWouldDelete", changed ? 1 : 0);
        } else {
            counts.append("nMatched", changed && outcome_.updated_existing ? 1 : 0);
            counts.append("nWouldModify", modified_ ? 1 : 0);
            counts.append("wouldInsert", outcome_.upserted_id.has_value());
        }
        put_stage_on_top(operation_,
                         request_.remove ? "DELETE" : "UPDATE",
                         outcome_.value ? 1 : 0,
                         counts.finish_view());
    }

    Status attempt_once(storage::Transaction& transaction) {
        inserting_ = false;
        modified_ = false;
        PLUMB_TRY(target, find_target(operation_, request_.ns));
        if (!target) {
            return {};
        }
        PLUMB_TRY(found,
                  write_first(
                      operation_,
                      transaction,
                      *target,
                      work_,
                      [this](storage::Transaction& in,
                             const storage::Collection& collection,
                             const Matched& matched) { return modify(in, collection, matched); }));
        if (found || !request_.upsert || update_ == nullptr) {
            return {};
        }
        inserting_ = true;
        PLUMB_TRY(
            inserted,
            insert_upserted(
                operation_, transaction, *target, {.update = *update_}, query_.filter.root()));
        outcome_.count = 1;
        outcome_.upserted_id = bson::Value{inserted.find("_id")};
        return request_.return_new ? show(inserted, std::nullopt) : Status{};
    }

    Status modify(storage::Transaction& transaction,
                  const storage::Collection& collection,
                  const Matched& matched) {
        outcome_.count = 1;
        if (update_ == nullptr) {
            PLUMB_CHECK(collection.remove(transaction, matched.id, matched.document));
            return show(matched.document, matched.position);
        }
        bson::Document after;
        const UpdateTask task{.update = *update_, .bypass_validation = request_.bypass_validation};
        PLUMB_TRY(changed,
                  apply_update(operation_, transaction, collection, task, matched, &after));
        modified_ = changed;
        outcome_.updated_existing = true;
        return show(request_.return_new ? after.view() : matched.document, matched.position);
    }

    Status show(bson::View document, std::optional<std::uint32_t> position) {
        if (projection_ == nullptr) {
            outcome_.value = bson::Document{document};
            return {};
        }
        bson::Builder out;
        PLUMB_CHECK(projection_->apply(document, position, out));
        outcome_.value = out.finish();
        return {};
    }

    Operation& operation_;
    const FindAndModifyRequest& request_;
    const PreparedQuery& query_;
    const query::Update* update_;          // not owned; null: remove
    const query::Projection* projection_;  // not owned; null: the whole document
    MatchedWork work_;
    FindAndModifyOutcome outcome_;
    bool inserting_ = false;
    bool modified_ = false;
};

Result<std::optional<query::Update>> parse_update(const Operation& operation,
                                                  const FindAndModifyRequest& request) {
    if (request.remove) {
        return std::optional<query::Update>{};
    }
    PLUMB_TRY(update,
              query::Update::parse(request.update,
                                   {.array_filters = request.array_filters,
                                    .multi = false,
                                    .context = operation.expressions}));
    return std::optional<query::Update>{std::move(update)};
}

}  // namespace

Result<FindAndModifyOutcome> find_and_modify(Operation& operation,
                                             const FindAndModifyRequest& request) {
    FindRequest find;
    find.ns = request.ns;
    find.filter = request.filter;
    find.sort = request.sort;
    find.hint = request.hint;
    if (!request.sort.empty()) {
        find.limit = 1;
    }
    PLUMB_TRY(query, prepare(operation, std::move(find)));
    PLUMB_TRY(update, parse_update(operation, request));
    std::optional<query::Projection> projection;
    if (!request.projection.empty()) {
        PLUMB_TRY(parsed, query::Projection::parse(request.projection, &query->filter.root()));
        if (request.return_new && parsed.needs_position()) {
            return fail(ErrorCode::BadValue,
                        "cannot use a positional projection and return the new document");
        }
        projection.emplace(std::move(parsed));
    }
    if (request.remove) {
        PLUMB_CHECK(check_removable(operation, request.ns));
    }
    if (request.upsert) {
        PLUMB_CHECK(ensure_target(operation, request.ns));
    } else {
        PLUMB_TRY(exists, target_exists(operation, request.ns));
        if (!exists) {
            operation.statistics.plan_summary = "EOF";
            return FindAndModifyOutcome{};
        }
    }
    return FinderModifier{operation,
                          request,
                          *query,
                          update ? &*update : nullptr,
                          projection ? &*projection : nullptr}
        .run();
}

}  // namespace plumb::exec
