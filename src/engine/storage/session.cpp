// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/session_internal.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace plumb::storage {

namespace {

// Enough for a collection with all its indexes, twice.
constexpr std::size_t kCachedCursorsMax = 130;

}  // namespace

WtCursor::WtCursor(WtCursor&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)),
      cursor_(std::exchange(other.cursor_, nullptr)),
      table_(other.table_),
      use_(other.use_) {}

WtCursor& WtCursor::operator=(WtCursor&& other) noexcept {
    if (this != &other) {
        give_back();
        session_ = std::exchange(other.session_, nullptr);
        cursor_ = std::exchange(other.cursor_, nullptr);
        table_ = other.table_;
        use_ = other.use_;
    }
    return *this;
}

void WtCursor::give_back() {
    if (cursor_ != nullptr) {
        cursor_->reset(cursor_);
        session_->keep({table_, use_, cursor_});
        cursor_ = nullptr;
        session_ = nullptr;
    }
}

SessionHandle::~SessionHandle() {
    session_->close(session_, nullptr);
}

Result<WtCursor> SessionHandle::cursor(const TableRef& table, CursorUse use) {
    for (std::size_t at = cached_.size(); at > 0; --at) {
        const Cached found = cached_[at - 1];
        if (found.table == table.number && found.use == use) {
            cached_.erase(cached_.begin() + static_cast<std::ptrdiff_t>(at - 1));
            return WtCursor{*this, found.cursor, table.number, use};
        }
    }
    WT_CURSOR* opened = nullptr;
    const char* config = use == CursorUse::Strict ? "overwrite=false" : nullptr;
    PLUMB_CHECK(wiredtiger_status(
        session_->open_cursor(session_, table.uri.c_str(), nullptr, config, &opened),
        "opening a cursor on " + table.uri));
    return WtCursor{*this, opened, table.number, use};
}

void SessionHandle::keep(const Cached& cached) {
    if (cached_.size() >= kCachedCursorsMax) {
        cached_.front().cursor->close(cached_.front().cursor);
        cached_.erase(cached_.begin());
    }
    cached_.push_back(cached);
}

void SessionHandle::close_idle_cursors(const std::vector<std::string>& uris) {
    if (uris.empty()) {
        return;
    }
    std::erase_if(cached_, [&](const Cached& cached) {
        const std::string_view uri{cached.cursor->uri};
        const bool closes = std::binary_search(uris.begin(), uris.end(), uri);
        if (closes) {
            cached.cursor->close(cached.cursor);
        }
        return closes;
    });
}

Status SessionHandle::begin_snapshot() {
    // Read before the snapshot is taken: what is born in between counts as newer, which is safe.
    snapshot_moment_ = pool_.moment();
    return wiredtiger_status(session_->begin_transaction(session_, nullptr),
                             "beginning a transaction");
}

Result<Touched*> SessionHandle::touch(const std::shared_ptr<LiveCollection>& live) {
    for (Touched& touched : touched_) {
        if (touched.live == live) {
            return &touched;
        }
    }
    PLUMB_CHECK(live->gate.enter_writer());
    if (live->capped != nullptr) {
        if (Status turn = live->capped->take_turn(); !turn.ok()) {
            live->gate.leave_writer();
            return std::move(turn).error();
        }
    }
    touched_.push_back({live});
    return &touched_.back();
}

void SessionHandle::end_touches(bool committed) {
    for (const Touched& touched : touched_) {
        if (committed) {
            touched.live->add_to_counters(touched.documents, touched.bytes);
        }
        if (touched.live->capped != nullptr) {
            touched.live->capped->give_turn(committed, touched.inserted);
        }
        touched.live->gate.leave_writer();
    }
    touched_.clear();
}

}  // namespace plumb::storage
