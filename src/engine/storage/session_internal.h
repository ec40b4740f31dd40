// SPDX-License-Identifier: GPL-3.0-or-later
// A WiredTiger session with its open cursors, and what the transaction that runs on it has done.
//
//   PLUMB_TRY(cursor, session.cursor({state.number, state.table}, CursorUse::Overwrite));
//   cursor->set_key(cursor.get(), id.number());
//
// Opening a cursor costs more than a point read; so cursors stay open, one list for each session,
// found by the table's number.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/index_key.h"

#include <wiredtiger.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plumb::storage {

class LiveCollection;
class SessionHandle;
class SessionPool;

// A table by number (unique in the data directory) and uri.
struct TableRef {
    std::uint32_t number;
    const std::string& uri;
};

// Whether insert replaces what is there (and update and remove accept that nothing is), or fails.
enum class CursorUse : std::uint8_t { Overwrite, Strict };

// A borrowed cursor: unpositioned when it comes, given back to its session at the end.
class WtCursor {
  public:
    WtCursor() = default;
    WtCursor(SessionHandle& session, WT_CURSOR* cursor, std::uint32_t table, CursorUse use)
        : session_(&session), cursor_(cursor), table_(table), use_(use) {}
    WtCursor(WtCursor&& other) noexcept;
    WtCursor& operator=(WtCursor&& other) noexcept;
    WtCursor(const WtCursor&) = delete;
    WtCursor& operator=(const WtCursor&) = delete;
    ~WtCursor() { give_back(); }

    [[nodiscard]] WT_CURSOR* get() const { return cursor_; }
    WT_CURSOR* operator->() const { return cursor_; }
    explicit operator bool() const { return cursor_ != nullptr; }
    void give_back();

  private:
    SessionHandle* session_ = nullptr;  // outlives the cursor: a transaction ends after its cursors
    WT_CURSOR* cursor_ = nullptr;
    std::uint32_t table_ = 0;
    CursorUse use_ = CursorUse::Overwrite;
};

// A collection that the running transaction has written to.
struct Touched {
    std::shared_ptr<LiveCollection> live;  // second owner: the catalog
    std::int64_t documents = 0;            // to be added to its counters by the commit
    std::int64_t bytes = 0;
    bool inserted = false;  // documents came, whether or not others went
};

// Buffers for the keys of one document, kept from write to write.
struct KeyScratch {
    std::vector<bson::MadeKeys> before;
    std::vector<bson::MadeKeys> after;
};

class SessionHandle {
  public:
    SessionHandle(SessionPool& pool, WT_SESSION* session) : pool_(pool), session_(session) {}
    SessionHandle(const SessionHandle&) = delete;
    SessionHandle& operator=(const SessionHandle&) = delete;
    ~SessionHandle();

    [[nodiscard]] WT_SESSION* wt() const { return session_; }
    [[nodiscard]] SessionPool& pool() const { return pool_; }

    [[nodiscard]] Result<WtCursor> cursor(const TableRef& table, CursorUse use);
    // Closes the cursors on these tables that nobody has borrowed, so that they can be dropped.
    //   requires sorted uris
    void close_idle_cursors(const std::vector<std::string>& uris);

    // Begins the WiredTiger transaction and notes the moment for is_newer_than_snapshot().
    [[nodiscard]] Status begin_snapshot();
    // True if something that came to be at `moment` may be missing from the snapshot's history.
    [[nodiscard]] bool is_newer_than_snapshot(std::uint64_t moment) const {
        return moment > snapshot_moment_;
    }

    // The running transaction's entry for a collection, entering its writer gate on first touch.
    //   errors  WriteConflict while the gate is closed
    [[nodiscard]] Result<Touched*> touch(const std::shared_ptr<LiveCollection>& live);
    // Leaves the gates; after a commit the counters are brought up to date first.
    void end_touches(bool committed);

    // Our own housekeeping hits no fault point: tests count the commits that were asked for.
    void set_housekeeping(bool on) { is_housekeeping_ = on; }
    [[nodiscard]] bool is_housekeeping() const { return is_housekeeping_; }

    [[nodiscard]] KeyScratch& scratch() { return scratch_; }

  private:
    friend class WtCursor;
    struct Cached {
        std::uint32_t table;
        CursorUse use;
        WT_CURSOR* cursor;
    };
    void keep(const Cached& cached);

    SessionPool& pool_;
    WT_SESSION* session_;
    std::vector<Cached> cached_;  // least recently used first
    std::vector<Touched> touched_;
    std::uint64_t snapshot_moment_ = 0;
    bool is_housekeeping_ = false;
    KeyScratch scratch_;
};

}  // namespace plumb::storage
