// SPDX-License-Identifier: GPL-3.0-or-later
// The engine with its parts. Its functions stand in the files that are named for what they do:
// engine.cpp (open, close, transactions), collection_changes.cpp, index_changes.cpp,
// index_build.cpp, validate.cpp, statistics.cpp.
//
// Threads  from any thread.
#pragma once

#include "engine/storage/catalog_internal.h"
#include "engine/storage/connection_internal.h"
#include "engine/storage/engine.h"
#include "engine/storage/periodic_thread_internal.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/size_storer_internal.h"
#include "engine/storage/table_drops_internal.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::storage {

class IndexBuild;

class EngineImpl final : public Engine {
  public:
    EngineImpl(EngineOptions options,
               PredicateFactory predicates,
               std::unique_ptr<Connection> connection,
               FaultPoints& faults);
    EngineImpl(const EngineImpl&) = delete;
    EngineImpl& operator=(const EngineImpl&) = delete;
    ~EngineImpl() override;

    // Reads catalog and sizes, removes what a crash left, starts the threads.
    [[nodiscard]] Status start();

    Result<std::unique_ptr<Transaction>> begin(Access access) override;
    Status run_write(Durability durability,
                     Interrupt& interrupt,
                     const std::function<Status(Transaction&)>& body) override;

    std::vector<CollectionStatePtr> collections() const override;
    std::optional<Collection> collection(std::string_view ns) const override;

    Result<CollectionStatePtr> create_collection(std::string_view ns, bson::View options) override;
    Status drop_collection(std::string_view ns, Interrupt* interrupt) override;
    Status rename_collection(std::string_view from,
                             std::string_view to,
                             bool drop_target,
                             Interrupt* interrupt) override;
    Status copy_to_capped(std::string_view from,
                          std::string_view to,
                          bson::View options,
                          Interrupt& interrupt) override;
    Status set_options(std::string_view ns, bson::View options) override;

    Status build_indexes(std::string_view ns,
                         std::vector<IndexSpec> specs,
                         const BuildOptions& options,
                         Interrupt& interrupt) override;
    Status rebuild_indexes(std::string_view ns,
                           const BuildOptions& options,
                           Interrupt& interrupt) override;
    Status drop_indexes(std::string_view ns,
                        const std::vector<std::string>& names,
                        Interrupt* interrupt) override;
    Status alter_index(std::string_view ns, const IndexSpec& changed) override;

    Result<TableSizes> record_table_sizes(const CollectionState& state) override;
    Result<TableSizes> index_table_sizes(const IndexState& state) override;
    Result<std::vector<std::pair<std::string, std::int64_t>>> statistics() override;

    Result<std::vector<std::string>> validate(std::string_view ns, Interrupt& interrupt) override;

    std::filesystem::path temporary_folder() const override;

    Status checkpoint() override;
    Status sync_journal() override;

  private:
    // The live collection of this name; NamespaceNotFound.
    [[nodiscard]] Result<std::shared_ptr<LiveCollection>> need(std::string_view ns) const;
    // The same, with nobody else in it; leave_alone() is the caller's.
    [[nodiscard]] Result<std::shared_ptr<LiveCollection>> need_alone(std::string_view ns,
                                                                     Interrupt* interrupt) const;
    // Gives `work` an index build of the collection, and drops what it leaves over.
    [[nodiscard]] Status with_build(std::string_view ns,
                                    const BuildOptions& options,
                                    Interrupt& interrupt,
                                    const std::function<Status(IndexBuild&)>& work);
    [[nodiscard]] Status flush_and_checkpoint();
    [[nodiscard]] Status open_tables(const std::vector<std::string>& uris);
    void sync_lazy_commits();
    [[nodiscard]] Result<TableSizes> table_sizes(const std::string& uri);

    EngineOptions options_;
    PredicateFactory predicates_;
    FaultPoints& faults_;
    std::unique_ptr<Connection> connection_;
    SessionPool pool_;
    Catalog catalog_;
    SizeStorer sizes_;
    TableDrops drops_;
    std::mutex checkpoint_mutex_;  // also guards sizes_
    bool started_ = false;
    PeriodicThread checkpointer_;
    PeriodicThread log_flusher_;
};

// One session of the pool, given back at the end; without a transaction.
class BorrowedSession {
  public:
    BorrowedSession(SessionPool& pool, std::unique_ptr<SessionHandle> session)
        : pool_(pool), session_(std::move(session)) {}
    BorrowedSession(const BorrowedSession&) = delete;
    BorrowedSession& operator=(const BorrowedSession&) = delete;
    ~BorrowedSession() { pool_.give_back(std::move(session_)); }
    [[nodiscard]] WT_SESSION* wt() const { return session_->wt(); }

  private:
    SessionPool& pool_;
    std::unique_ptr<SessionHandle> session_;
};

}  // namespace plumb::storage
