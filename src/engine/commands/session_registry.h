// SPDX-License-Identifier: GPL-3.0-or-later
// The logical sessions of all clients: when each was used last, and its newest transaction number
// with what became of it.
//
//   PLUMB_CHECK(sessions.touch(id));                         // any command with an lsid
//   PLUMB_TRY(use, sessions.check_out(id, interrupt));       // one with a txnNumber: alone in it
//   PLUMB_CHECK(use->continue_transaction(number));
//
// A transaction lies in its session between commands: it holds a snapshot and its writes, but no
// collection open. A session that nobody has used for 30 minutes ends, and with it its transaction.
//
// Threads  from any thread; a SessionUse belongs to one operation.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "engine/commands/cluster_time.h"
#include "engine/commands/session_record.h"
#include "engine/commands/session_store.h"
#include "engine/storage/engine.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumb::commands {

// What a session's newest transaction number stands for.
enum class TransactionState : std::uint8_t { None, RetryableWrite, InProgress, Committed, Aborted };

struct LogicalSession {
    std::string id;                         // the UUID's bytes
    std::chrono::nanoseconds last_used{0};  // monotonic
    Interrupt* user = nullptr;              // of the operation that has it; not owned
    bool is_used = false;
    // By whoever has it, when it gives the session back.
    std::atomic<bool> must_abort{false};
    std::atomic<bool> must_end{false};

    std::int64_t txn_number = -1;
    std::atomic<TransactionState> state{TransactionState::None};  // written by whoever has it
    std::unique_ptr<storage::Transaction> transaction;            // only InProgress
    std::atomic<std::chrono::nanoseconds> begun{};                // monotonic
    bool has_written = false;
    bool is_loaded = false;  // `record` was looked for on disk
    SessionRecord record;
};

struct TransactionCounts {
    std::int64_t started = 0;
    std::int64_t committed = 0;
    std::int64_t aborted = 0;
    std::int64_t open = 0;
    std::int64_t active = 0;  // of the open ones: a command runs in it now
    std::int64_t retried_commands = 0;
    std::int64_t retried_statements = 0;
    std::int64_t record_writes = 0;
    std::int64_t sessions = 0;
};

// Finds sessions by a view of their id.
struct SessionIdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
};

class SessionRegistry;

// A session that one operation has for itself; given back at the end.
class SessionUse {
  public:
    SessionUse(SessionRegistry& registry, LogicalSession& session)
        : registry_(registry), session_(session) {}
    SessionUse(const SessionUse&) = delete;
    SessionUse& operator=(const SessionUse&) = delete;
    ~SessionUse();

    // errors (of the three)  TransactionTooOld (225) for a number below the session's newest

    // Begins a transaction; an open one of a lower number is aborted.
    //   errors  50911 if the number was used before
    [[nodiscard]] Status start_transaction(std::int64_t number);
    // Goes on with the open transaction, or stands before its commit.
    //   errors  NoSuchTransaction (251) if it was aborted or never began; TransactionCommitted
    //           (256), but not for a commit that is asked for again
    [[nodiscard]] Status continue_transaction(std::int64_t number, bool is_commit);
    // Begins or goes on with a retryable write.
    //   errors  InvalidOptions (72) if the number is a transaction's
    [[nodiscard]] Status enter_retryable(std::int64_t number);

    [[nodiscard]] bool is_transaction() const {
        return session_.state == TransactionState::InProgress;
    }
    [[nodiscard]] storage::Transaction* transaction() const { return session_.transaction.get(); }
    [[nodiscard]] std::int64_t txn_number() const { return session_.txn_number; }
    [[nodiscard]] const std::string& id() const { return session_.id; }
    void note_write() { session_.has_written = true; }

    // Commits, or says again that it was committed.
    //   errors  WriteConflict and others: it is aborted then
    [[nodiscard]] Status commit(storage::Durability durability);
    // Rolls the open transaction back; does nothing if there is none.
    void abort();

    // What a retryable write's statement did; null if it has not been done.
    [[nodiscard]] const DoneStatements* find_done(std::int32_t statement);
    // Does `body`, statements of a retryable write, in a transaction of its own together with the
    // note that they are done: both or neither. `body` gives the statements to note; none: nothing
    // is noted. On a conflict it is run again.
    using Statements = std::function<Result<std::optional<DoneStatements>>(storage::Transaction&)>;
    [[nodiscard]] Status run_noted(storage::Durability durability,
                                   Interrupt& interrupt,
                                   const Statements& body);

  private:
    friend class SessionRegistry;
    [[nodiscard]] Status load();
    SessionRegistry& registry_;
    LogicalSession& session_;
};

class SessionRegistry {
  public:
    // Called with a session and a transaction number whose cursors must be closed; without a
    // number: all of the session.
    using CloseCursors = std::function<void(std::string_view, std::optional<std::int64_t>)>;

    SessionRegistry(storage::Engine& engine, const Clock& clock, CloseCursors close_cursors);
    SessionRegistry(const SessionRegistry&) = delete;
    SessionRegistry& operator=(const SessionRegistry&) = delete;
    ~SessionRegistry();

    // Notes that a session is in use. errors: TooManyLogicalSessions (261)
    [[nodiscard]] Status touch(std::string_view id);
    // Waits until nobody else has the session. errors: the interrupt's; as touch()
    [[nodiscard]] Result<std::unique_ptr<SessionUse>> check_out(std::string_view id,
                                                                Interrupt& user);

    // Ends a session that no operation has: its transaction is aborted, its cursors are closed.
    void end(std::string_view id);
    // Aborts a session's transaction; an operation that has the session is interrupted first.
    void kill(std::string_view id);
    [[nodiscard]] std::vector<std::string> ids() const;

    // Aborts transactions that live too long, ends sessions that idle too long, tidies the disk.
    void expire();
    // Aborts everything: before the engine closes.
    void close_all();

    [[nodiscard]] std::chrono::seconds lifetime_limit() const { return lifetime_limit_.load(); }
    void set_lifetime_limit(std::chrono::seconds limit) { lifetime_limit_ = limit; }
    void note_retried(std::int64_t statements);
    [[nodiscard]] TransactionCounts counts() const;
    [[nodiscard]] ClusterTime& cluster_time() { return cluster_time_; }

  private:
    friend class SessionUse;
    void check_in(LogicalSession& session);
    // Under the lock: takes it for the caller, or null if it is in use.
    [[nodiscard]] std::unique_ptr<SessionUse> try_take(LogicalSession& session);
    [[nodiscard]] Result<LogicalSession*> find_or_add(std::string_view id);

    storage::Engine& engine_;
    const Clock& clock_;
    CloseCursors close_cursors_;
    SessionStore store_;
    ClusterTime cluster_time_;
    std::atomic<std::chrono::seconds> lifetime_limit_;
    std::atomic<std::int64_t> started_{0};
    std::atomic<std::int64_t> committed_{0};
    std::atomic<std::int64_t> aborted_{0};
    std::atomic<std::int64_t> retried_commands_{0};
    std::atomic<std::int64_t> retried_statements_{0};
    std::atomic<std::int64_t> record_writes_{0};

    mutable std::mutex mutex_;
    std::condition_variable given_back_;
    std::unordered_map<std::string, std::unique_ptr<LogicalSession>, SessionIdHash, std::equal_to<>>
        sessions_;
    bool is_closed_ = false;
};

}  // namespace plumb::commands
