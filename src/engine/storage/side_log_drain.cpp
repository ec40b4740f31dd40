// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/duplicate_key_internal.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/side_log_drain_internal.h"

#include <algorithm>

namespace plumb::storage {

namespace {

// Entries of one transaction. Few: pages with its uncommitted changes cannot be evicted, and under
// load the drain and the eviction then wait for each other.
constexpr std::int64_t kEntriesAtOnce = 200;

// When writers are further ahead than this they are held back, until the lead has halved: some
// tenths of a second of draining.
constexpr std::int64_t kLeadMax = 20'000;

}  // namespace

Result<std::int64_t> SideLogDrain::pass(Interrupt& interrupt) {
    const std::int64_t until = log_.last_number();
    PLUMB_TRY(total, apply_late_ones(interrupt));
    for (;;) {
        PLUMB_TRY(step, apply_next(interrupt));
        total += step.applied;
        pace_writers();
        if (step.is_last || last_number_ >= until) {
            return total;
        }
    }
}

void SideLogDrain::pace_writers() {
    const std::int64_t lead = log_.last_number() - last_number_;
    const bool hold_back = lead > (writers_held_back_ ? kLeadMax / 2 : kLeadMax);
    if (hold_back != writers_held_back_) {
        writers_held_back_ = hold_back;
        gate_.hold_writers_back(hold_back);
    }
}

Result<std::int64_t> SideLogDrain::apply_late_ones(Interrupt& interrupt) {
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    SessionHandle& session = transaction->session();
    PLUMB_TRY(log, session.cursor(log_.table(), CursorUse::Overwrite));
    std::int64_t applied = 0;
    for (auto number = missing_.begin(); number != missing_.end();) {
        PLUMB_CHECK(interrupt.check());
        log->set_key(log.get(), *number);
        const int code = log->search(log.get());
        if (code == WT_NOTFOUND) {
            ++number;
            continue;
        }
        PLUMB_CHECK(wiredtiger_status(code, "reading the side log"));
        PLUMB_CHECK(apply_at(session, log));
        number = missing_.erase(number);
        ++applied;
    }
    log.give_back();
    PLUMB_CHECK(transaction->commit(Durability::Lazy));
    return applied;
}

Result<SideLogDrain::Step> SideLogDrain::apply_next(Interrupt& interrupt) {
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    SessionHandle& session = transaction->session();
    PLUMB_TRY(log, session.cursor(log_.table(), CursorUse::Overwrite));
    log->set_key(log.get(), last_number_ + 1);
    int relation = 0;
    int code = log->search_near(log.get(), &relation);
    if (code == 0 && relation < 0) {
        code = log->next(log.get());
    }
    Step step;
    while (code == 0 && step.applied < kEntriesAtOnce) {
        PLUMB_CHECK(interrupt.check());
        std::int64_t number = 0;
        PLUMB_CHECK(wiredtiger_status(log->get_key(log.get(), &number), "reading the side log"));
        for (std::int64_t skipped = last_number_ + 1; skipped < number; ++skipped) {
            missing_.insert(skipped);
        }
        PLUMB_CHECK(apply_at(session, log));
        last_number_ = number;
        ++step.applied;
        code = log->next(log.get());
    }
    step.is_last = code == WT_NOTFOUND;
    if (code != WT_NOTFOUND) {
        PLUMB_CHECK(wiredtiger_status(code, "reading the side log"));
    }
    log.give_back();
    PLUMB_CHECK(transaction->commit(Durability::Lazy));
    return step;
}

// The entry under the cursor.
Status SideLogDrain::apply_at(SessionHandle& session, WtCursor& log) {
    std::string_view bytes;
    PLUMB_CHECK(get_value(log.get(), bytes));
    const std::optional<SideEntry> entry = decode_side_entry(bytes);
    if (!entry.has_value() || entry->index >= indexes_.size()) {
        return fail(ErrorCode::InternalError, "the side log holds what is no entry");
    }
    return apply(session, *entry);
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
    const auto taken =
        std::erase_if(found->second, [&](const WaitingKey& key) { return key.id == entry.id; });
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
