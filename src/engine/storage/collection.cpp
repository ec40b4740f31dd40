// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/collection.h"

#include "base/assert.h"
#include "engine/storage/capped_room_internal.h"
#include "engine/storage/catalog_internal.h"
#include "engine/storage/collection_lock_internal.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/index_writer_internal.h"
#include "engine/storage/multikey_internal.h"
#include "engine/storage/side_log_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

Result<WtCursor> record_cursor(SessionHandle& session, const CollectionState& state) {
    return session.cursor({state.number, state.table}, CursorUse::Overwrite);
}

Status make_all(const WriteView& view, bson::View document, std::vector<bson::MadeKeys>& out) {
    out.resize(view.indexes.size());
    for (std::size_t index = 0; index < view.indexes.size(); ++index) {
        PLUMB_CHECK(view.indexes[index].make(document, out[index]));
    }
    return {};
}

void make_none(const WriteView& view, std::vector<bson::MadeKeys>& out) {
    out.resize(view.indexes.size());
    for (bson::MadeKeys& keys : out) {
        keys.clear();
    }
}

// Before keys of a kind that an index has not seen are written, its state must say so.
Status announce_multikey(LiveCollection& live,
                         WriteViewPtr& view,
                         const std::vector<bson::MadeKeys>& keys) {
    bool changed = false;
    for (std::size_t index = 0; index < view->indexes.size(); ++index) {
        if (!covers_multikey(*view->indexes[index].state, keys[index])) {
            PLUMB_CHECK(
                live.catalog.widen_multikey(live, view->indexes[index].state->number, keys[index]));
            changed = true;
        }
    }
    if (changed) {
        view = live.view();
    }
    return {};
}

Status put_record(SessionHandle& session,
                  const CollectionState& state,
                  RecordId id,
                  bson::View document) {
    PLUMB_TRY(cursor, record_cursor(session, state));
    cursor->set_key(cursor.get(), id.number());
    set_value(cursor.get(), document.raw());
    return wiredtiger_status(cursor->insert(cursor.get()), "writing a record");
}

Status remove_record(SessionHandle& session, const CollectionState& state, RecordId id) {
    PLUMB_TRY(cursor, record_cursor(session, state));
    cursor->set_key(cursor.get(), id.number());
    return wiredtiger_status(cursor->remove(cursor.get()), "removing a record");
}

bool is_refusal(const Status& status) {
    return !status.ok() && (status.error().code() == ErrorCode::DuplicateKey ||
                            status.error().code() == ErrorCode::CannotIndexParallelArrays);
}

// Keys for the indexes of a running build, made before anything is written: they may be refused.
Result<SideNote> make_side_note(const WriteView& view,
                                const bson::View* before,
                                const bson::View* after) {
    if (view.side_log == nullptr) {
        return SideNote{};
    }
    return view.side_log->make(before, after);
}

Status write_side_note(SessionHandle& session,
                       const WriteView& view,
                       RecordId id,
                       const SideNote& note) {
    return view.side_log == nullptr ? Status{} : view.side_log->write(session, id, note);
}

}  // namespace

Collection::Lock::~Lock() {
    live->gate.leave();
}

Collection::Collection(CollectionStatePtr state, std::shared_ptr<Lock> lock)
    : state_(std::move(state)), lock_(std::move(lock)) {}

Result<RecordId> Collection::insert(Transaction& transaction,
                                    bson::View document,
                                    WriteCost* cost) const {
    PLUMB_ASSERT(transaction.access() == Access::Write);
    SessionHandle& session = transaction.session();
    PLUMB_CHECK(session.pool().disk_room().check());
    PLUMB_CHECK(check_fits(*lock_->live, document));
    PLUMB_TRY(touched, session.touch(lock_->live));
    WriteViewPtr view = lock_->live->view();
    KeyScratch& keys = session.scratch();
    PLUMB_CHECK(make_all(*view, document, keys.after));
    make_none(*view, keys.before);
    PLUMB_TRY(note, make_side_note(*view, nullptr, &document));
    PLUMB_CHECK(announce_multikey(*lock_->live, view, keys.after));
    PLUMB_TRY(id, lock_->live->next_record_id(session));
    WriteCost local;
    IndexWriter writer{session, *view, id};
    // Index entries before the record: what is refused has then no record to take back.
    PLUMB_CHECK(writer.change(keys.before, keys.after, cost != nullptr ? *cost : local));
    PLUMB_CHECK(put_record(session, *view->state, id, document));
    PLUMB_CHECK(write_side_note(session, *view, id, note));
    touched->documents += 1;
    touched->bytes += document.byte_size();
    touched->inserted = true;
    if (lock_->live->capped != nullptr) {
        PLUMB_CHECK(remove_oldest(transaction, *this, *lock_->live, *touched, id));
    }
    return id;
}

Status Collection::update(Transaction& transaction,
                          RecordId id,
                          bson::View before,
                          bson::View after,
                          WriteCost* cost) const {
    PLUMB_ASSERT(transaction.access() == Access::Write);
    SessionHandle& session = transaction.session();
    PLUMB_CHECK(session.pool().disk_room().check());
    PLUMB_CHECK(check_keeps_size(*lock_->live, before, after));
    PLUMB_TRY(touched, session.touch(lock_->live));
    WriteViewPtr view = lock_->live->view();
    KeyScratch& keys = session.scratch();
    PLUMB_CHECK(make_all(*view, after, keys.after));
    PLUMB_CHECK(make_all(*view, before, keys.before));
    PLUMB_TRY(note, make_side_note(*view, &before, &after));
    PLUMB_CHECK(announce_multikey(*lock_->live, view, keys.after));
    // The record first: it tells whether another transaction has changed this document, before an
    // index entry of a past version is looked for in vain.
    PLUMB_CHECK(put_record(session, *view->state, id, after));
    WriteCost local;
    IndexWriter writer{session, *view, id};
    Status changed = writer.change(keys.before, keys.after, cost != nullptr ? *cost : local);
    if (is_refusal(changed)) {
        PLUMB_CHECK(put_record(session, *view->state, id, before));
    }
    PLUMB_CHECK(std::move(changed));
    PLUMB_CHECK(write_side_note(session, *view, id, note));
    touched->bytes += std::int64_t{after.byte_size()} - std::int64_t{before.byte_size()};
    return {};
}

Status Collection::remove(Transaction& transaction,
                          RecordId id,
                          bson::View document,
                          WriteCost* cost) const {
    PLUMB_ASSERT(transaction.access() == Access::Write);
    SessionHandle& session = transaction.session();
    PLUMB_TRY(touched, session.touch(lock_->live));
    const WriteViewPtr view = lock_->live->view();
    KeyScratch& keys = session.scratch();
    PLUMB_CHECK(make_all(*view, document, keys.before));
    make_none(*view, keys.after);
    PLUMB_TRY(note, make_side_note(*view, &document, nullptr));
    // `document` may lie in the record's own page; the removal leaves the page in place.
    PLUMB_CHECK(remove_record(session, *view->state, id));
    WriteCost local;
    IndexWriter writer{session, *view, id};
    PLUMB_CHECK(writer.change(keys.before, keys.after, cost != nullptr ? *cost : local));
    PLUMB_CHECK(write_side_note(session, *view, id, note));
    touched->documents -= 1;
    touched->bytes -= document.byte_size();
    return {};
}

Result<bool> Collection::read(Transaction& transaction, RecordId id, std::string& out) const {
    PLUMB_TRY(cursor, record_cursor(transaction.session(), *state_));
    cursor->set_key(cursor.get(), id.number());
    const int code = cursor->search(cursor.get());
    if (code == WT_NOTFOUND) {
        return false;
    }
    PLUMB_CHECK(wiredtiger_status(code, "reading a record"));
    std::string_view bytes;
    PLUMB_CHECK(get_value(cursor.get(), bytes));
    out.assign(bytes);
    return true;
}

std::int64_t Collection::document_count() const {
    return lock_->live->document_count();
}

std::int64_t Collection::data_bytes() const {
    return lock_->live->data_bytes();
}

std::shared_ptr<CappedNews> Collection::capped_news() const {
    return lock_->live->capped == nullptr ? nullptr : lock_->live->capped->news();
}

}  // namespace plumb::storage
