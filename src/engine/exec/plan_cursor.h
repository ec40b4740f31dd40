// SPDX-License-Identifier: GPL-3.0-or-later
// Cursors over one plan.
//
// Threads  as exec/find.h
#pragma once

#include "engine/exec/find.h"
#include "engine/exec/key_document.h"
#include "engine/exec/prepared_query.h"
#include "engine/exec/query_run.h"
#include "engine/exec/read_snapshot.h"
#include "engine/exec/view.h"
#include "engine/storage/collection.h"

#include <memory>

namespace plumb::exec {

// The rows of a query on one collection. Holds a snapshot and the collection open, but not between
// save() and restore().
class PlanCursor final : public QueryCursor {
  public:
    // Takes `query`, but not if it gives null: where `kind` is no collection, and where the request
    // forbids what no plan can do without.
    [[nodiscard]] static Result<std::unique_ptr<PlanCursor>> open(
        Operation& operation,
        std::unique_ptr<PreparedQuery>& query,
        const plan::QueryRequest& request,
        NamespaceKind& kind);
    ~PlanCursor() override;
    PlanCursor(const PlanCursor&) = delete;
    PlanCursor& operator=(const PlanCursor&) = delete;

    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void save() override;
    [[nodiscard]] Status restore() override;
    void attach(Operation& operation) override { operation_ = &operation; }
    [[nodiscard]] std::string plan_summary() const override;
    [[nodiscard]] std::shared_ptr<storage::CappedNews> news() const override { return news_; }

    [[nodiscard]] const QueryRun& run() const { return *run_; }

  private:
    explicit PlanCursor(Operation& operation) : operation_(&operation) {}
    [[nodiscard]] Result<bson::View> shown(const Row& row);
    [[nodiscard]] Status make_tailable(std::string_view ns);
    void report_statistics();

    Operation* operation_;  // not owned; null while saved
    std::unique_ptr<PreparedQuery> query_;
    storage::CollectionStatePtr state_;
    // In the order of what must end last: cursors before their transaction, that before the lock.
    std::optional<storage::Collection> collection_;
    ReadSnapshot snapshot_;
    std::unique_ptr<QueryRun> run_;
    // Of a tailable cursor, which shares it with the collection; null for others.
    std::shared_ptr<storage::CappedNews> news_;
    KeyDocument key_document_;
    bson::Builder shown_;
    bool ended_ = false;
};

// A cursor without documents: of a collection that does not exist.
[[nodiscard]] std::unique_ptr<QueryCursor> make_empty_cursor();

}  // namespace plumb::exec
