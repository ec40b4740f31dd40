// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/engine.h"

#include "engine/storage/collection_lock_internal.h"
#include "engine/storage/data_directory_internal.h"
#include "engine/storage/engine_impl_internal.h"
#include "engine/storage/tables_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace plumb::storage {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// How far the journal may be behind commits that nobody waits for (transaction.h,
// Durability::Lazy).
constexpr milliseconds kLogFlushEvery{100};

constexpr microseconds kFirstPause{50};
constexpr microseconds kLongestPause{20'000};

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options,
                                             PredicateFactory predicates,
                                             const Clock& /*clock*/,
                                             FaultPoints& faults) {
    PLUMB_CHECK(prepare_data_directory(options.directory));
    PLUMB_TRY(connection, Connection::open(options.directory, options.cache_bytes));
    auto engine = std::make_unique<EngineImpl>(
        std::move(options), std::move(predicates), std::move(connection), faults);
    PLUMB_CHECK(engine->start());
    return std::unique_ptr<Engine>{std::move(engine)};
}

EngineImpl::EngineImpl(EngineOptions options,
                       PredicateFactory predicates,
                       std::unique_ptr<Connection> connection,
                       FaultPoints& faults)
    : options_(std::move(options)),
      predicates_(std::move(predicates)),
      faults_(faults),
      connection_(std::move(connection)),
      pool_(connection_->wt(), faults, options_.directory),
      catalog_(pool_, predicates_),
      sizes_(pool_),
      drops_(pool_) {}

EngineImpl::~EngineImpl() {
    checkpointer_.stop();
    log_flusher_.stop();
    if (started_) {
        // If this fails, the next start finds no clean end and counts anew.
        static_cast<void>(sizes_.flush(catalog_.all(), true));
        drops_.sweep();
    }
    pool_.clear();
}

Status EngineImpl::start() {
    PLUMB_CHECK(empty_temporary_directory(options_.directory));
    {
        PLUMB_TRY(session, pool_.take());
        const BorrowedSession borrowed{pool_, std::move(session)};
        PLUMB_CHECK(create_table(borrowed.wt(), TableKind::Catalog, kCatalogUri));
        PLUMB_CHECK(create_table(borrowed.wt(), TableKind::Sizes, kSizesUri));
    }
    PLUMB_CHECK(open_tables({kCatalogUri, kSizesUri}));
    PLUMB_CHECK(catalog_.load().context("reading the catalog"));
    PLUMB_CHECK(open_tables(catalog_.tables_in_use()));
    pool_.disk_room().look();
    PLUMB_CHECK(drops_.drop_orphans(catalog_.tables_in_use()));
    PLUMB_CHECK(sizes_.load(catalog_.all()));
    started_ = true;
    log_flusher_.start(kLogFlushEvery, [this] { sync_lazy_commits(); });
    checkpointer_.start(options_.checkpoint_every, [this] {
        // A checkpoint that fails is tried again next time; the journal has everything until then.
        static_cast<void>(flush_and_checkpoint());
    });
    return {};
}

// A file that is missing or damaged shows now, and not when a request meets it.
Status EngineImpl::open_tables(const std::vector<std::string>& uris) {
    PLUMB_TRY(session, pool_.take());
    const BorrowedSession borrowed{pool_, std::move(session)};
    WT_SESSION* wt = borrowed.wt();
    for (const std::string& uri : uris) {
        if (uri.empty()) {
            continue;
        }
        WT_CURSOR* cursor = nullptr;
        if (const int code = wt->open_cursor(wt, uri.c_str(), nullptr, nullptr, &cursor);
            code != 0) {
            return connection_->file_error(code, options_.directory / table_file(uri));
        }
        cursor->close(cursor);
    }
    return {};
}

void EngineImpl::sync_lazy_commits() {
    pool_.disk_room().look();
    if (pool_.take_lazy_commits() && !sync_journal().ok()) {
        pool_.note_lazy_commit();
    }
    if (drops_.waiting() > 0) {
        drops_.sweep();
    }
}

Status EngineImpl::flush_and_checkpoint() {
    const std::lock_guard lock{checkpoint_mutex_};
    PLUMB_CHECK(sizes_.flush(catalog_.all(), false));
    PLUMB_TRY(session, pool_.take());
    const BorrowedSession borrowed{pool_, std::move(session)};
    return wiredtiger_status(borrowed.wt()->checkpoint(borrowed.wt(), nullptr),
                             "writing a checkpoint");
}

std::filesystem::path EngineImpl::temporary_folder() const {
    return temporary_directory(options_.directory);
}

Status EngineImpl::checkpoint() {
    return flush_and_checkpoint();
}

Status EngineImpl::sync_journal() {
    PLUMB_TRY(session, pool_.take());
    const BorrowedSession borrowed{pool_, std::move(session)};
    return wiredtiger_status(borrowed.wt()->log_flush(borrowed.wt(), "sync=on"),
                             "syncing the journal");
}

Result<std::unique_ptr<Transaction>> EngineImpl::begin(Access access) {
    return pool_.begin(access);
}

Status EngineImpl::run_write(Durability durability,
                             Interrupt& interrupt,
                             const std::function<Status(Transaction&)>& body) {
    microseconds pause = kFirstPause;
    for (;;) {
        Status outcome;
        {
            PLUMB_TRY(transaction, pool_.begin(Access::Write));
            outcome = body(*transaction);
            if (outcome.ok()) {
                outcome = transaction->commit(durability);
            }
        }
        if (outcome.ok() || outcome.error().code() != ErrorCode::WriteConflict) {
            return outcome;
        }
        PLUMB_CHECK(interrupt.check_now());
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, kLongestPause);
    }
}

std::vector<CollectionStatePtr> EngineImpl::collections() const {
    std::vector<CollectionStatePtr> out;
    for (const auto& live : catalog_.all()) {
        out.push_back(live->state());
    }
    return out;
}

std::optional<Collection> EngineImpl::collection(std::string_view ns) const {
    for (;;) {
        std::shared_ptr<LiveCollection> live = catalog_.find(ns);
        if (live == nullptr) {
            return std::nullopt;
        }
        live->gate.enter();
        auto lock = std::make_shared<Collection::Lock>(live);
        CollectionStatePtr state = live->state();
        // While we waited at the gate it may have been dropped or renamed.
        if (!live->is_dropped && state->ns == ns) {
            return Collection{std::move(state), std::move(lock)};
        }
    }
}

Result<std::shared_ptr<LiveCollection>> EngineImpl::need(std::string_view ns) const {
    std::shared_ptr<LiveCollection> live = catalog_.find(ns);
    if (live == nullptr) {
        return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{ns});
    }
    return live;
}

Result<std::shared_ptr<LiveCollection>> EngineImpl::need_alone(std::string_view ns,
                                                               Interrupt* interrupt) const {
    for (;;) {
        PLUMB_TRY(live, need(ns));
        PLUMB_CHECK(live->gate.enter_alone(interrupt));
        if (!live->is_dropped && live->state()->ns == ns) {
            return live;
        }
        live->gate.leave_alone();
    }
}

}  // namespace plumb::storage
