// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/duplicate_key_internal.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/side_log_drain_internal.h"

namespace plumb::storage {

namespace {

// Entries of one transaction: few enough that its changes stay small in the cache.
constexpr std::int64_t kEntriesAtOnce = 2000;

}  // namespace

Result<std::int64_t> SideLogDrain::pass(Interrupt& interrupt) {
    std::int64_t total = 0;
    for (;;) {
        PLUMB_TRY(applied, apply_some(interrupt));
        total += applied;
        if (applied < kEntriesAtOnce) {
            return total;
        }
    }
}

// From the beginning each time: a writer that commits late has drawn an early number.
Result<std::int64_t> SideLogDrain::apply_some(Interrupt& interrupt) {
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    SessionHandle& session = transaction->session();
    std::int64_t applied = 0;
    {
        PLUMB_TRY(cursor, session.cursor(log_.table(), CursorUse::Overwrite));
        for (; applied < kEntriesAtOnce; ++applied) {
            PLUMB_CHECK(interrupt.check());
            const int code = cursor->next(cursor.get());
            if (code == WT_NOTFOUND) {
                break;
            }
            PLUMB_CHECK(wiredtiger_status(code, "reading the side log"));
            std::string_view bytes;
            PLUMB_CHECK(get_value(cursor.get(), bytes));
            const std::optional<SideEntry> entry = decode_side_entry(bytes);
            if (!entry.has_value() || entry->index >= indexes_.size()) {
                return fail(ErrorCode::InternalError, "the side log holds what is no entry");
            }
            PLUMB_CHECK(apply(session, *entry));
            PLUMB_CHECK(wiredtiger_status(cursor->remove(cursor.get()), "emptying the side log"));
        }
    }
    PLUMB_CHECK(transaction->commit(Durability::Lazy));
    return applied;
}

Status SideLogDrain::apply(SessionHandle& session, const SideEntry& entry) {
    const IndexState& index = *indexes_[entry.index];
    const bool unique = index.has_unique_keys();
    PLUMB_TRY(cursor,
              session.cursor({index.number, index.table},
                             unique ? CursorUse::Strict : CursorUse::Overwrite));
    if (unique) {
        return entry.is_insert ? insert_unique(cursor, entry) : remove_unique(cursor, entry);
    }
    EntryBytes bytes;
    bytes.set(false, entry.key, entry.type_bits, entry.id);
    set_key(cursor.get(), bytes.key);
    if (!entry.is_insert) {
        return wiredtiger_status(cursor->remove(cursor.get()), "applying the side log");
    }
    set_value(cursor.get(), bytes.value);
    return wiredtiger_status(cursor->insert(cursor.get()), "applying the side log");
}

Status SideLogDrain::insert_unique(WtCursor& cursor, const SideEntry& entry) {
    EntryBytes bytes;
    bytes.set(true, entry.key, entry.type_bits, entry.id);
    set_key(cursor.get(), bytes.key);
    set_value(cursor.get(), bytes.value);
    const int code = cursor->insert(cursor.get());
    if (code == WT_DUPLICATE_KEY) {
        waiting_[{entry.index, entry.key}].push_back({entry.id, entry.type_bits});
        return {};
    }
    return wiredtiger_status(code, "applying the side log");
}

// Takes back an insert that still waits; false if there is none.
bool SideLogDrain::stop_waiting(const SideEntry& entry) {
    const auto found = waiting_.find({entry.index, entry.key});
    if (found == waiting_.end()) {
        return false;
    }
    const auto taken = std::erase_if(
        found->second, [&](const WaitingKey& key) { return key.id == entry.id; });
    if (found->second.empty()) {
        waiting_.erase(found);
    }
    return taken > 0;
}

Status SideLogDrain::remove_unique(WtCursor& cursor, const SideEntry& entry) {
    if (stop_waiting(entry)) {
        return {};
    }
    set_key(cursor.get(), entry.key);
    const int code = cursor->search(cursor.get());
    if (code == WT_NOTFOUND) {
        return {};
    }
    PLUMB_CHECK(wiredtiger_status(code, "applying the side log"));
    std::string_view value;
    PLUMB_CHECK(get_value(cursor.get(), value));
    IndexEntry present;
    if (!read_entry(true, entry.key, value, present) || present.id != entry.id) {
        return {};
    }
    PLUMB_CHECK(wiredtiger_status(cursor->remove(cursor.get()), "applying the side log"));
    const auto found = waiting_.find({entry.index, entry.key});
    if (found == waiting_.end()) {
        return {};
    }
    const WaitingKey next = found->second.front();
    found->second.erase(found->second.begin());
    if (found->second.empty()) {
        waiting_.erase(found);
    }
    return insert_unique(cursor, {true, entry.index, next.id, entry.key, next.type_bits});
}

Status SideLogDrain::check_nothing_waits(std::string_view ns) const {
    if (waiting_.empty()) {
        return {};
    }
    const auto& [place, keys] = *waiting_.begin();
    return duplicate_key_error(ns, *indexes_[place.first], place.second, keys.front().type_bits);
}

}  // namespace plumb::storage
