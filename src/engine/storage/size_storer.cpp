// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/cursors.h"
#include "engine/storage/size_storer_internal.h"
#include "engine/storage/tables_internal.h"

#include <algorithm>
#include <set>

namespace plumb::storage {

namespace {

constexpr std::int64_t kCleanKey = 0;

Result<WtCursor> sizes_cursor(Transaction& transaction) {
    return transaction.session().cursor({kSizesTable, kSizesUri}, CursorUse::Overwrite);
}

Status write_at(WtCursor& cursor, std::int64_t key, const bson::Document& record) {
    cursor->set_key(cursor.get(), key);
    set_value(cursor.get(), record.bytes());
    return wiredtiger_status(cursor->insert(cursor.get()), "writing collection sizes");
}

Status write_clean(WtCursor& cursor, bool clean) {
    bson::Builder record;
    record.append("clean", clean);
    return write_at(cursor, kCleanKey, record.finish());
}

std::int64_t int64_or_zero(bson::View record, std::string_view name) {
    const bson::ValueView value = record.find(name);
    return value.type() == bson::Type::Int64 ? value.as_int64() : 0;
}

}  // namespace

// True if the last end was clean, or there was none.
Result<bool> SizeStorer::read_all() {
    PLUMB_TRY(transaction, pool_.begin(Access::Read));
    PLUMB_TRY(cursor, sizes_cursor(*transaction));
    bool clean = true;
    for (;;) {
        const int code = cursor->next(cursor.get());
        if (code == WT_NOTFOUND) {
            return clean;
        }
        PLUMB_CHECK(wiredtiger_status(code, "reading collection sizes"));
        std::int64_t key = 0;
        std::string_view value;
        PLUMB_CHECK(wiredtiger_status(cursor->get_key(cursor.get(), &key), "reading sizes"));
        PLUMB_CHECK(get_value(cursor.get(), value));
        const bson::View record{value};
        if (key == kCleanKey) {
            const bson::ValueView flag = record.find("clean");
            clean = flag.type() == bson::Type::Bool && flag.as_bool();
            continue;
        }
        stored_[key] = {int64_or_zero(record, "documents"),
                        int64_or_zero(record, "bytes"),
                        int64_or_zero(record, "recordIdEnd")};
    }
}

Status SizeStorer::count_by_scan(LiveCollection& live) {
    PLUMB_TRY(transaction, pool_.begin(Access::Read));
    PLUMB_TRY(records, RecordCursor::open(*transaction, *live.state(), Direction::Forward));
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
    for (;;) {
        PLUMB_TRY(record, records->next());
        if (!record.has_value()) {
            break;
        }
        ++documents;
        bytes += record->document.byte_size();
    }
    live.set_counters(documents, bytes);
    return {};
}

Status SizeStorer::load(const LiveCollections& collections) {
    PLUMB_TRY(clean, read_all());
    for (const auto& live : collections) {
        const CollectionStatePtr state = live->state();
        if (state->is_view()) {
            continue;
        }
        const Sizes& sizes = stored_[state->number];
        live->set_record_id_floor(std::max<std::int64_t>(1, sizes.record_id_end));
        if (clean) {
            live->set_counters(sizes.documents, sizes.bytes);
        } else {
            PLUMB_CHECK(count_by_scan(*live));
        }
    }
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    transaction->session().set_housekeeping(true);
    PLUMB_TRY(cursor, sizes_cursor(*transaction));
    PLUMB_CHECK(write_clean(cursor, false));
    cursor.give_back();
    return transaction->commit(Durability::Journaled);
}

Status SizeStorer::flush(const LiveCollections& collections, bool clean) {
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    transaction->session().set_housekeeping(true);
    PLUMB_TRY(cursor, sizes_cursor(*transaction));
    std::set<std::int64_t> present;
    for (const auto& live : collections) {
        const std::int64_t number = live->state()->number;
        present.insert(number);
        Sizes& stored = stored_[number];
        const Sizes now{live->document_count(),
                        live->data_bytes(),
                        std::max(stored.record_id_end, live->record_id_end())};
        if (now == stored) {
            continue;
        }
        bson::Builder record;
        record.append("documents", now.documents);
        record.append("bytes", now.bytes);
        record.append("recordIdEnd", now.record_id_end);
        PLUMB_CHECK(write_at(cursor, number, record.finish()));
        stored = now;
    }
    for (auto at = stored_.begin(); at != stored_.end();) {
        if (present.contains(at->first)) {
            ++at;
            continue;
        }
        cursor->set_key(cursor.get(), at->first);
        PLUMB_CHECK(wiredtiger_status(cursor->remove(cursor.get()), "writing collection sizes"));
        at = stored_.erase(at);
    }
    if (clean) {
        PLUMB_CHECK(write_clean(cursor, true));
    }
    cursor.give_back();
    return transaction->commit(clean ? Durability::Journaled : Durability::Lazy);
}

}  // namespace plumb::storage
