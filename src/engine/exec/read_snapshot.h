// SPDX-License-Identifier: GPL-3.0-or-later
// What a read reads from: the transaction that its operation is part of, or a snapshot of its own.
//
//   PLUMB_TRY(snapshot, ReadSnapshot::take(operation, collection.state()));
//   QueryRun::start(operation, collection, *snapshot, …);
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/operation.h"
#include "engine/storage/snapshot_age.h"

#include <memory>
#include <utility>

namespace plumb::exec {

// What a read and a write in a transaction ask first. errors: SnapshotUnavailable
[[nodiscard]] inline Status check_snapshot(const Operation& operation,
                                           const storage::CollectionState& collection) {
    if (operation.transaction != nullptr &&
        storage::is_older_than(*operation.transaction, collection)) {
        return fail(ErrorCode::SnapshotUnavailable,
                    "Unable to read from a snapshot due to pending collection catalog changes; "
                    "please retry the operation.");
    }
    return {};
}

class ReadSnapshot {
  public:
    ReadSnapshot() = default;

    //   errors  SnapshotUnavailable (246) if the transaction began before the collection was made
    [[nodiscard]] static Result<ReadSnapshot> take(const Operation& operation,
                                                   const storage::CollectionState& collection) {
        PLUMB_CHECK(check_snapshot(operation, collection));
        ReadSnapshot out;
        out.used_ = operation.transaction;
        if (out.used_ == nullptr) {
            PLUMB_TRY(own, operation.engine.begin(storage::Access::Read));
            out.own_ = std::move(own);
            out.used_ = out.own_.get();
        }
        return out;
    }

    [[nodiscard]] bool is_taken() const { return used_ != nullptr; }
    // requires is_taken()
    [[nodiscard]] storage::Transaction& operator*() const { return *used_; }
    void release() {
        used_ = nullptr;
        own_.reset();
    }

  private:
    std::unique_ptr<storage::Transaction> own_;  // null inside of a transaction
    storage::Transaction* used_ = nullptr;       // own_, or the operation's
};

}  // namespace plumb::exec
