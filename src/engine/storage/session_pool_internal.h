// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions that wait for the next transaction, most recently used first so that their cursors are
// warm.
//
// Threads  from any thread.
#pragma once

#include "base/fault_points.h"
#include "base/result.h"
#include "engine/storage/disk_room_internal.h"
#include "engine/storage/session_internal.h"
#include "engine/storage/transaction.h"

#include <wiredtiger.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace plumb::storage {

class SessionPool {
  public:
    // `directory` is the one of the connection's files.
    SessionPool(WT_CONNECTION* connection, FaultPoints& faults, std::filesystem::path directory)
        : connection_(connection), faults_(faults), disk_room_(std::move(directory)) {}

    // A session without a transaction.
    [[nodiscard]] Result<std::unique_ptr<SessionHandle>> take();
    void give_back(std::unique_ptr<SessionHandle> session);
    // A session with a running transaction.
    [[nodiscard]] Result<std::unique_ptr<Transaction>> begin(Access access);

    // Closes the cursors on these tables that nobody uses: at once in waiting sessions, on return
    // in the others, until it is told of other tables. Empty: of none.
    void release_tables(std::vector<std::string> uris);
    // Closes the sessions. requires that all have come back: no transaction outlives the engine
    void clear();

    [[nodiscard]] FaultPoints& faults() const { return faults_; }
    [[nodiscard]] DiskRoom& disk_room() { return disk_room_; }

    // A number that rises with each thing that older snapshots cannot see rightly.
    [[nodiscard]] std::uint64_t moment() const { return moment_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t next_moment() {
        return moment_.fetch_add(1, std::memory_order_acq_rel) + 1;
    }

    // Whether commits have been made that nobody has waited for; cleared by asking.
    void note_lazy_commit() { lazy_commits_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool take_lazy_commits() {
        return lazy_commits_.exchange(false, std::memory_order_relaxed);
    }

  private:
    WT_CONNECTION* connection_;  // owned by the engine, which outlives the pool
    FaultPoints& faults_;
    DiskRoom disk_room_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<SessionHandle>> waiting_;
    int taken_ = 0;
    std::vector<std::string> releasing_;  // sorted
    std::atomic<std::uint64_t> moment_{0};
    std::atomic<bool> lazy_commits_{false};
};

}  // namespace plumb::storage
