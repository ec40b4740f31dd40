// SPDX-License-Identifier: GPL-3.0-or-later
// One WiredTiger transaction: a snapshot to read from, and writes that all happen or none.
//
//   PLUMB_TRY(transaction, engine.begin(Access::Write));
//   PLUMB_TRY(rid, collection.insert(*transaction, order));
//   PLUMB_CHECK(transaction->commit(Durability::Journaled));
//
// Left without commit() it is rolled back. A conflict with another writer gives WriteConflict (112)
// from any call: roll back and run the whole operation again (engine.run_write does that).
//
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>

namespace plumb::storage {

enum class Access : std::uint8_t { Read, Write };

// Journaled: the commit waits until the log is on disk; Lazy: the log follows within 100 ms.
enum class Durability : std::uint8_t { Lazy, Journaled };

class SessionHandle;  // a WT_SESSION with its cached cursors; storage's own

class Transaction {
  public:
    Transaction(std::unique_ptr<SessionHandle> session, Access access);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    [[nodiscard]] Status commit(Durability durability = Durability::Lazy);
    void rollback();

    // Gives the snapshot back and takes a new one: cursors keep their place by save()/restore().
    // For reads that last long or wait for a client. requires Access::Read
    [[nodiscard]] Status renew_snapshot();
    // Gives the snapshot back; renew_snapshot() must come before the next use. requires
    // Access::Read
    void release_snapshot();

    [[nodiscard]] Access access() const { return access_; }
    [[nodiscard]] SessionHandle& session() { return *session_; }

  private:
    std::unique_ptr<SessionHandle> session_;
    Access access_;
    bool active_ = false;
};

}  // namespace plumb::storage
