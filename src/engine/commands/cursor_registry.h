// SPDX-License-Identifier: GPL-3.0-or-later
// The cursors that clients hold between batches. They outlive their connection, as MongoDB's do,
// and are closed after ten idle minutes.
//
//   std::int64_t id = cursors.add(std::move(open));         // the cursor must be saved
//   PLUMB_TRY(mine, cursors.check_out(id, interrupt));      // nobody else has it now
//   cursors.check_in(std::move(mine));                      // or cursors.finish(*mine) at its end
//
// Threads  from any thread.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/find.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumb::commands {

// A cursor with what its getMore needs to know.
struct OpenCursor {
    std::int64_t id = 0;  // 0 until it is registered
    std::string ns;
    std::unique_ptr<exec::QueryCursor> cursor;
    std::optional<bson::Document> pending;  // read, but did not fit into the batch before
    std::optional<std::int64_t> left;       // of the query's limit; nothing: unlimited
    bool looks_ahead = false;               // closes with the last document, not after it
    bool no_timeout = false;
    std::optional<std::chrono::nanoseconds> time_left;  // of maxTimeMS, over all batches
    bson::Document command;  // the command that opened it, as logs show it
    bool tailable = false;
    bool await_data = false;  // an empty batch waits for documents
    std::string plan_summary;
    std::int64_t documents_given = 0;
    std::int64_t batches_given = 0;
    std::chrono::milliseconds created{0};  // wall time
    std::string opened_by;                 // the log-in, "user@db"; empty: nobody was logged in
    std::string session;  // the UUID's bytes of the session that opened it; empty: none
    std::optional<std::int64_t> txn_number;  // of the transaction that opened it
};

// A cursor that nobody uses now, for $currentOp's idleCursors.
struct IdleCursor {
    std::int64_t id = 0;
    std::string ns;
    bson::Document command;
    std::string plan_summary;
    bool tailable = false;
    bool await_data = false;
    bool no_timeout = false;
    std::int64_t documents_given = 0;
    std::int64_t batches_given = 0;
    std::chrono::milliseconds created{0};
    std::chrono::milliseconds last_used{0};  // wall time
};

struct CursorCounts {
    std::int64_t open = 0;
    std::int64_t pinned = 0;  // in use by an operation now
    std::int64_t no_timeout = 0;
    std::int64_t timed_out = 0;  // since the start
};

class CursorRegistry {
  public:
    explicit CursorRegistry(const Clock& clock) : clock_(clock) {}

    // Keeps a saved cursor and gives it an unguessable id.
    [[nodiscard]] std::int64_t add(std::unique_ptr<OpenCursor> cursor);

    // Takes the cursor for one batch; `user` is interrupted if the cursor is killed meanwhile.
    //   errors  CursorNotFound (43); 12051 if another operation has it; QueryPlanKilled (175) if
    //           its collection went away
    [[nodiscard]] Result<std::unique_ptr<OpenCursor>> check_out(std::int64_t id, Interrupt& user);
    // Gives it back, saved; it is closed instead if it was killed meanwhile.
    void check_in(std::unique_ptr<OpenCursor> cursor);
    // Forgets a cursor that was checked out and is done.
    void finish(std::int64_t id);

    // Closes the cursor; false if there is none.
    bool kill(std::int64_t id);
    // Closes the idle cursors of a collection ("shop.orders") or database ("shop."), so that they
    // do not hold it open; their next batch fails with `reason`.
    void kill_namespace(std::string_view prefix, const Error& reason);
    // Closes the cursors of a session; of one of its transactions only, if that is given. Returns
    // how many there were.
    std::size_t kill_session(std::string_view session, std::optional<std::int64_t> txn_number);
    // The session and the transaction that opened a cursor; nothing if there is no such cursor.
    struct Owner {
        std::string session;
        std::optional<std::int64_t> txn_number;
    };
    [[nodiscard]] std::optional<Owner> owner_of(std::int64_t id) const;
    // The namespace of a cursor; nothing if there is none.
    [[nodiscard]] std::optional<std::string> namespace_of(std::int64_t id) const;
    // The log-in that opened it; nothing if there is no such cursor.
    [[nodiscard]] std::optional<std::string> opened_by(std::int64_t id) const;

    void set_idle_limit(std::chrono::milliseconds limit);
    [[nodiscard]] std::chrono::milliseconds idle_limit() const;
    void close_idle();
    void close_all();
    [[nodiscard]] CursorCounts counts() const;
    [[nodiscard]] std::vector<IdleCursor> idle_cursors() const;

  private:
    struct Slot {
        std::unique_ptr<OpenCursor> cursor;  // null while checked out, or after kill_namespace
        std::string ns;
        Owner owner;
        std::string opened_by;
        Interrupt* user = nullptr;  // of the operation that has it; not owned
        bool kill_pending = false;
        bool no_timeout = false;
        std::optional<Error> reason;  // why it was closed under its client
        std::chrono::nanoseconds last_used{0};
        std::chrono::milliseconds last_used_wall{0};
    };

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::unordered_map<std::int64_t, Slot> slots_;
    std::chrono::milliseconds idle_limit_ = kCursorIdle;
    std::int64_t timed_out_ = 0;
};

}  // namespace plumb::commands
