// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/plan_cursor.h"

#include "engine/exec/read_attempts.h"
#include "engine/exec/run_report.h"
#include "engine/storage/capped.h"

#include <fmt/format.h>

namespace plumb::exec {
namespace {

class EmptyCursor final : public QueryCursor {
  public:
    Result<std::optional<bson::View>> next() override { return std::optional<bson::View>{}; }
    void attach(Operation& /*operation*/) override {}
    std::string plan_summary() const override { return "EOF"; }
};

Error collection_gone(std::string_view ns) {
    return fail(ErrorCode::QueryPlanKilled,
                fmt::format("collection dropped or changed. UUID of {} differs", ns));
}

bool has_all_indexes(const storage::CollectionState& then, const storage::CollectionState& now) {
    for (const auto& index : then.indexes) {
        const auto still = now.find_index(index->spec.name);
        if (still == nullptr || still->number != index->number) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<std::unique_ptr<PlanCursor>> PlanCursor::open(Operation& operation,
                                                     std::unique_ptr<PreparedQuery>& query,
                                                     const plan::QueryRequest& request,
                                                     NamespaceKind& kind) {
    return retry_read(operation, [&]() -> Result<std::unique_ptr<PlanCursor>> {
        std::unique_ptr<PlanCursor> cursor{new PlanCursor{operation}};  // NOLINT: as above
        cursor->collection_ = operation.engine.collection(query->request.ns);
        kind = !cursor->collection_                     ? NamespaceKind::Missing
               : cursor->collection_->state().is_view() ? NamespaceKind::View
                                                        : NamespaceKind::Collection;
        if (kind != NamespaceKind::Collection) {
            return std::unique_ptr<PlanCursor>{};
        }
        cursor->state_ = cursor->collection_->shared_state();
        if (query->request.tailable) {
            PLUMB_CHECK(cursor->make_tailable(query->request.ns));
        }
        PLUMB_TRY(snapshot, ReadSnapshot::take(operation, *cursor->state_));
        cursor->snapshot_ = std::move(snapshot);
        PLUMB_TRY(run,
                  QueryRun::start(operation,
                                  *cursor->collection_,
                                  *cursor->snapshot_,
                                  request,
                                  query->filter,
                                  {.may_spill = query->request.allow_disk_use,
                                   .tailable = cursor->news_ != nullptr}));
        if (run == nullptr) {
            return std::unique_ptr<PlanCursor>{};
        }
        PLUMB_CHECK(run->prime());
        cursor->run_ = std::move(run);
        cursor->query_ = std::move(query);
        return cursor;
    });
}

Status PlanCursor::make_tailable(std::string_view ns) {
    news_ = collection_->capped_news();
    if (news_ == nullptr) {
        return fail(ErrorCode::BadValue,
                    fmt::format("error processing query: ns={} tailable cursor requested on non "
                                "capped collection",
                                ns));
    }
    return {};
}

PlanCursor::~PlanCursor() {
    report_statistics();
}

void PlanCursor::report_statistics() {
    if (operation_ == nullptr || run_ == nullptr) {
        return;
    }
    report_run(*operation_, *run_);
}

Result<bson::View> PlanCursor::shown(const Row& row) {
    const FindRequest& request = query_->request;
    if (!request.return_key && !request.show_record_id) {
        return row.document;
    }
    bson::View document = row.document;
    if (request.return_key) {
        document = bson::View{};
        if (row.index != nullptr) {
            PLUMB_TRY(key, key_document_.decode(row));
            document = key;
        }
    }
    if (!request.show_record_id) {
        return document;
    }
    shown_.clear();
    shown_.append_all(document);
    shown_.append("$recordId", row.id.number());
    return shown_.finish_view();
}

Result<std::optional<bson::View>> PlanCursor::next() {
    Row row;
    bool found = false;
    if (!ended_) {
        PLUMB_TRY(more, run_->next(row));
        found = more;
    }
    if (!found) {
        ended_ = news_ == nullptr;
        report_statistics();
        return std::optional<bson::View>{};
    }
    ++operation_->statistics.documents_returned;
    PLUMB_TRY(document, shown(row));
    return std::optional<bson::View>{document};
}

void PlanCursor::save() {
    if (operation_ == nullptr) {
        return;
    }
    report_statistics();
    run_->save();
    snapshot_.release();
    collection_.reset();
    operation_ = nullptr;
}

Status PlanCursor::restore() {
    if (snapshot_.is_taken()) {
        return {};
    }
    collection_ = operation_->engine.collection(state_->ns);
    if (!collection_ || collection_->state().uuid.bytes != state_->uuid.bytes ||
        !has_all_indexes(*state_, collection_->state())) {
        return collection_gone(state_->ns);
    }
    PLUMB_TRY(snapshot, ReadSnapshot::take(*operation_, *state_));
    snapshot_ = std::move(snapshot);
    operation_->statistics.plan_summary = plan_summary();
    return run_->restore(*snapshot_, *operation_);
}

std::string PlanCursor::plan_summary() const {
    return run_->summary();
}

std::unique_ptr<QueryCursor> make_empty_cursor() {
    return std::make_unique<EmptyCursor>();
}

}  // namespace plumb::exec
