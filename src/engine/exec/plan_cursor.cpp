// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/plan_cursor.h"

#include "engine/exec/read_attempts.h"

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
    return retry_read(operation.interrupt, [&]() -> Result<std::unique_ptr<PlanCursor>> {
        std::unique_ptr<PlanCursor> cursor{new PlanCursor{operation}};  // NOLINT: as above
        cursor->collection_ = operation.engine.collection(query->request.ns);
        kind = !cursor->collection_                     ? NamespaceKind::Missing
               : cursor->collection_->state().is_view() ? NamespaceKind::View
                                                        : NamespaceKind::Collection;
        if (kind != NamespaceKind::Collection) {
            return std::unique_ptr<PlanCursor>{};
        }
        cursor->state_ = cursor->collection_->shared_state();
        PLUMB_TRY(transaction, operation.engine.begin(storage::Access::Read));
        cursor->transaction_ = std::move(transaction);
        PLUMB_TRY(run,
                  QueryRun::start(operation,
                                  *cursor->collection_,
                                  *cursor->transaction_,
                                  request,
                                  query->filter,
                                  {}));
        if (run == nullptr) {
            return std::unique_ptr<PlanCursor>{};
        }
        PLUMB_CHECK(run->prime());
        cursor->run_ = std::move(run);
        cursor->query_ = std::move(query);
        return cursor;
    });
}

PlanCursor::~PlanCursor() {
    report_statistics();
}

void PlanCursor::report_statistics() {
    if (operation_ == nullptr || run_ == nullptr) {
        return;
    }
    const Examined examined = run_->take_examined();
    operation_->statistics.keys_examined += examined.keys;
    operation_->statistics.docs_examined += examined.docs;
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
        ended_ = true;
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
    transaction_.reset();
    collection_.reset();
    operation_ = nullptr;
}

Status PlanCursor::restore() {
    if (transaction_ != nullptr) {
        return {};
    }
    collection_ = operation_->engine.collection(state_->ns);
    if (!collection_ || collection_->state().uuid.bytes != state_->uuid.bytes ||
        !has_all_indexes(*state_, collection_->state())) {
        return collection_gone(state_->ns);
    }
    PLUMB_TRY(transaction, operation_->engine.begin(storage::Access::Read));
    transaction_ = std::move(transaction);
    operation_->statistics.plan_summary = plan_summary();
    return run_->restore(*transaction_, *operation_);
}

std::string PlanCursor::plan_summary() const {
    return run_->summary();
}

std::unique_ptr<QueryCursor> make_empty_cursor() {
    return std::make_unique<EmptyCursor>();
}

}  // namespace plumb::exec
