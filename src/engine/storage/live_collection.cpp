// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <utility>

namespace plumb::storage {

Status IndexMaker::make(bson::View document, bson::MadeKeys& out) const {
    if (partial != nullptr && !partial->accepts(document)) {
        out.clear();
        return {};
    }
    return maker->make(document, out);
}

Result<WriteViewPtr> make_write_view(CollectionStatePtr state, const PredicateFactory& predicates) {
    auto view = std::make_shared<WriteView>();
    for (const auto& index : state->indexes) {
        IndexMaker maker{index,
                         std::make_shared<const bson::KeyMaker>(index->pattern, index->spec.sparse),
                         nullptr};
        if (index->spec.partial.has_value()) {
            PLUMB_TRY(predicate, predicates(*index->spec.partial));
            maker.partial = std::move(predicate);
        }
        view->indexes.push_back(std::move(maker));
    }
    view->state = std::move(state);
    return WriteViewPtr{std::move(view)};
}

WriteViewPtr LiveCollection::view() const {
    const std::lock_guard lock{view_mutex_};
    return view_;
}

void LiveCollection::set_view(WriteViewPtr view) {
    const std::lock_guard lock{view_mutex_};
    view_.swap(view);
}

namespace {

// The last record id in the table as everybody sees it, uncommitted ones of others apart; 0 if
// empty.
Result<std::int64_t> last_record_id(SessionHandle& session, const CollectionState& state) {
    PLUMB_TRY(cursor, session.cursor({state.number, state.table}, CursorUse::Overwrite));
    const int code = cursor->prev(cursor.get());
    if (code == WT_NOTFOUND) {
        return std::int64_t{0};
    }
    PLUMB_CHECK(wiredtiger_status(code, "reading the last record"));
    std::int64_t id = 0;
    PLUMB_CHECK(wiredtiger_status(cursor->get_key(cursor.get(), &id), "reading a record id"));
    return id;
}

}  // namespace

Result<RecordId> LiveCollection::next_record_id(SessionHandle& session) {
    if (next_record_id_.load(std::memory_order_acquire) == 0) {
        // Nobody has inserted since the engine opened, so any snapshot shows the last record.
        const std::lock_guard lock{record_id_mutex_};
        if (next_record_id_.load(std::memory_order_acquire) == 0) {
            const CollectionStatePtr current = state();
            PLUMB_TRY(last, last_record_id(session, *current));
            next_record_id_.store(std::max(last + 1, record_id_floor_), std::memory_order_release);
        }
    }
    return RecordId{next_record_id_.fetch_add(1, std::memory_order_relaxed)};
}

void LiveCollection::add_to_counters(std::int64_t documents, std::int64_t bytes) {
    documents_.fetch_add(documents, std::memory_order_relaxed);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void LiveCollection::set_counters(std::int64_t documents, std::int64_t bytes) {
    documents_.store(documents, std::memory_order_relaxed);
    bytes_.store(bytes, std::memory_order_relaxed);
}

}  // namespace plumb::storage
