// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/duplicate_key_internal.h"
#include "engine/storage/index_writer_internal.h"

#include <algorithm>
#include <utility>

namespace plumb::storage {

namespace {

const bson::MadeKey* find_key(const bson::MadeKeys& keys, const bson::MadeKey& wanted) {
    const auto at = std::lower_bound(
        keys.keys.begin(),
        keys.keys.end(),
        wanted,
        [](const bson::MadeKey& a, const bson::MadeKey& b) { return a.bytes < b.bytes; });
    return at != keys.keys.end() && at->bytes == wanted.bytes ? &*at : nullptr;
}

}  // namespace

// Unique tables are written strictly, so that WiredTiger says when a key is taken. In the others
// the record id makes each key one of a kind, and the check would only cost.
Result<WtCursor> IndexWriter::cursor_on(const IndexState& index) {
    return session_.cursor({index.number, index.table},
                           index.has_unique_keys() ? CursorUse::Strict : CursorUse::Overwrite);
}

Status IndexWriter::put(std::size_t index, const bson::MadeKey& key) {
    const IndexState& state = *view_.indexes[index].state;
    entry_.set(state.has_unique_keys(), key.bytes, key.type_bits, id_);
    PLUMB_TRY(cursor, cursor_on(state));
    set_key(cursor.get(), entry_.key);
    set_value(cursor.get(), entry_.value);
    return wiredtiger_status(cursor->insert(cursor.get()), "writing an index entry");
}

Status IndexWriter::replace(std::size_t index, const bson::MadeKey& key) {
    const IndexState& state = *view_.indexes[index].state;
    entry_.set(state.has_unique_keys(), key.bytes, key.type_bits, id_);
    PLUMB_TRY(cursor, cursor_on(state));
    set_key(cursor.get(), entry_.key);
    set_value(cursor.get(), entry_.value);
    return wiredtiger_status(cursor->update(cursor.get()), "writing an index entry");
}

Status IndexWriter::take_away(std::size_t index, const bson::MadeKey& key) {
    const IndexState& state = *view_.indexes[index].state;
    entry_.set(state.has_unique_keys(), key.bytes, key.type_bits, id_);
    PLUMB_TRY(cursor, cursor_on(state));
    set_key(cursor.get(), entry_.key);
    return wiredtiger_status(cursor->remove(cursor.get()), "removing an index entry");
}

Status IndexWriter::remove_gone(std::size_t index,
                                const bson::MadeKeys& before,
                                const bson::MadeKeys& after) {
    for (const bson::MadeKey& key : before.keys) {
        if (find_key(after, key) == nullptr) {
            PLUMB_CHECK(take_away(index, key));
            done_.push_back({index, Action::Removed, &key});
        }
    }
    return {};
}

Status IndexWriter::insert_new(std::size_t index,
                               const bson::MadeKeys& before,
                               const bson::MadeKeys& after) {
    for (const bson::MadeKey& key : after.keys) {
        const bson::MadeKey* old = find_key(before, key);
        if (old == nullptr) {
            Status inserted = put(index, key);
            if (!inserted.ok() && inserted.error().code() == ErrorCode::DuplicateKey) {
                PLUMB_CHECK(put_back());
                return duplicate_key_error(
                    view_.state->ns, *view_.indexes[index].state, key.bytes, key.type_bits);
            }
            PLUMB_CHECK(std::move(inserted));
            done_.push_back({index, Action::Inserted, &key});
        } else if (old->type_bits != key.type_bits) {
            PLUMB_CHECK(replace(index, key));
            done_.push_back({index, Action::Retyped, old});
        }
    }
    return {};
}

Status IndexWriter::put_back() {
    while (!done_.empty()) {
        const Done last = done_.back();
        done_.pop_back();
        switch (last.action) {
            case Action::Removed:
                PLUMB_CHECK(put(last.index, *last.key));
                break;
            case Action::Inserted:
                PLUMB_CHECK(take_away(last.index, *last.key));
                break;
            case Action::Retyped:
                PLUMB_CHECK(replace(last.index, *last.key));
                break;
        }
    }
    return {};
}

Status IndexWriter::change(const std::vector<bson::MadeKeys>& before,
                           const std::vector<bson::MadeKeys>& after,
                           WriteCost& cost) {
    done_.clear();
    for (std::size_t index = 0; index < view_.indexes.size(); ++index) {
        PLUMB_CHECK(remove_gone(index, before[index], after[index]));
        PLUMB_CHECK(insert_new(index, before[index], after[index]));
    }
    for (const Done& done : done_) {
        cost.keys_inserted += done.action == Action::Removed ? 0 : 1;
        cost.keys_deleted += done.action == Action::Inserted ? 0 : 1;
    }
    return {};
}

}  // namespace plumb::storage
