// SPDX-License-Identifier: GPL-3.0-or-later
// config.transactions: the session records on disk. A record is written in the transaction of the
// write it tells of, so after a crash either both are there or neither.
//
// Format   session_record.h
// Threads  from any thread; a record belongs to whoever has its session. The lock is held while
//          documents are removed: a session that comes back must not meet its old ones.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "engine/commands/session_record.h"
#include "engine/storage/engine.h"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumb::commands {

inline constexpr std::string_view kSessionsNamespace = "config.transactions";

class SessionStore {
  public:
    SessionStore(storage::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

    // The record of a session as the last run of the server left it; an empty one if there is none.
    // Reads the whole collection the first time.
    [[nodiscard]] Result<SessionRecord> take(std::string_view session);

    // What a write changed of a record's places; apply() it once the transaction is committed.
    struct Written {
        std::optional<storage::RecordId> head;
        std::optional<storage::RecordId> page;
    };
    // Writes the record, and `more` as done, in this transaction.
    //   requires  ensure_collection() was called before the transaction began
    [[nodiscard]] Result<Written> write(storage::Transaction& transaction,
                                        std::string_view session,
                                        const SessionRecord& record,
                                        const DoneStatements* more);
    static void apply(const Written& written, const DoneStatements* more, SessionRecord& record);
    [[nodiscard]] Status ensure_collection();

    // Takes the record of a session that ended: sweep() will remove its documents, unless the
    // session comes back before that.
    void forget(std::string_view session, SessionRecord record);
    // Removes what nobody needs; a failure leaves it for the next time.
    void sweep();

  private:
    struct Resting {
        SessionRecord record;
        bool is_over = false;  // may be removed
    };
    using Records = std::unordered_map<std::string, Resting>;

    [[nodiscard]] Status load();
    [[nodiscard]] Status remove_all(const std::vector<Records::const_iterator>& over);
    [[nodiscard]] bool sweep_some();

    storage::Engine& engine_;
    const Clock& clock_;
    std::mutex mutex_;
    std::optional<std::chrono::nanoseconds> loaded_at_;  // monotonic
    Records resting_;  // of sessions that nobody has used since the start, or that ended
};

}  // namespace plumb::commands
