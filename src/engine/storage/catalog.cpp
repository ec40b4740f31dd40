// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "engine/storage/catalog_internal.h"
#include "engine/storage/catalog_record_internal.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/multikey_internal.h"
#include "engine/storage/tables_internal.h"

#include <algorithm>
#include <utility>

namespace plumb::storage {

namespace {

// The record that counts table numbers; collections have theirs from kFirstFreeTable.
constexpr std::int64_t kNumbersKey = 0;

Result<WtCursor> catalog_cursor(Transaction& transaction) {
    return transaction.session().cursor({kCatalogTable, kCatalogUri}, CursorUse::Overwrite);
}

Status write_at(Transaction& transaction, std::int64_t key, std::string_view bytes) {
    PLUMB_TRY(cursor, catalog_cursor(transaction));
    cursor->set_key(cursor.get(), key);
    set_value(cursor.get(), bytes);
    return wiredtiger_status(cursor->insert(cursor.get()), "writing the catalog");
}

}  // namespace

Status Catalog::load_record(std::int64_t key, bson::View record) {
    if (key == kNumbersKey) {
        const bson::ValueView next = record.find("nextNumber");
        if (next.type() != bson::Type::Int64) {
            return fail(ErrorCode::DataVersionMismatch, "the catalog counts no table numbers");
        }
        next_number_ = static_cast<std::uint32_t>(next.as_int64());
        return {};
    }
    PLUMB_TRY(state, decode_catalog_record(record));
    auto shared = std::make_shared<const CollectionState>(std::move(state));
    PLUMB_TRY(view, make_write_view(shared, predicates_));
    map_.emplace(shared->ns, std::make_shared<LiveCollection>(*this, std::move(view)));
    return {};
}

Status Catalog::load() {
    PLUMB_TRY(transaction, pool_.begin(Access::Read));
    PLUMB_TRY(cursor, catalog_cursor(*transaction));
    const std::unique_lock lock{map_mutex_};
    next_number_ = kFirstFreeTable;
    for (;;) {
        const int code = cursor->next(cursor.get());
        if (code == WT_NOTFOUND) {
            return {};
        }
        PLUMB_CHECK(wiredtiger_status(code, "reading the catalog"));
        std::int64_t key = 0;
        std::string_view value;
        PLUMB_CHECK(wiredtiger_status(cursor->get_key(cursor.get(), &key), "reading the catalog"));
        PLUMB_CHECK(get_value(cursor.get(), value));
        PLUMB_CHECK(load_record(key, bson::View{value}));
    }
}

std::shared_ptr<LiveCollection> Catalog::find(std::string_view ns) const {
    const std::shared_lock lock{map_mutex_};
    const auto found = map_.find(ns);
    return found == map_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<LiveCollection>> Catalog::all() const {
    const std::shared_lock lock{map_mutex_};
    std::vector<std::shared_ptr<LiveCollection>> out;
    out.reserve(map_.size());
    for (const auto& [ns, live] : map_) {
        out.push_back(live);
    }
    return out;
}

std::vector<std::string> Catalog::tables_in_use() const {
    std::vector<std::string> out;
    for (const auto& live : all()) {
        const CollectionStatePtr state = live->state();
        out.push_back(state->table);
        for (const auto& index : state->indexes) {
            out.push_back(index->table);
        }
    }
    return out;
}

Status Catalog::write_record(Transaction& transaction, const CollectionState& state) {
    return write_at(transaction, state.number, encode_catalog_record(state).bytes());
}

Status Catalog::write_next_number(Transaction& transaction) {
    bson::Builder numbers;
    numbers.append("nextNumber", static_cast<std::int64_t>(next_number_));
    return write_at(transaction, kNumbersKey, numbers.finish().bytes());
}

Status Catalog::erase_record(Transaction& transaction, std::uint32_t number) {
    PLUMB_TRY(cursor, catalog_cursor(transaction));
    cursor->set_key(cursor.get(), static_cast<std::int64_t>(number));
    return wiredtiger_status(cursor->remove(cursor.get()), "writing the catalog");
}

Result<CollectionStatePtr> Catalog::add(CollectionState state) {
    auto shared = std::make_shared<const CollectionState>(std::move(state));
    PLUMB_TRY(view, make_write_view(shared, predicates_));
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    PLUMB_CHECK(write_record(*transaction, *shared));
    PLUMB_CHECK(write_next_number(*transaction));
    PLUMB_CHECK(transaction->commit(Durability::Journaled));
    const std::unique_lock lock{map_mutex_};
    map_.emplace(shared->ns, std::make_shared<LiveCollection>(*this, std::move(view)));
    return CollectionStatePtr{shared};
}

Status Catalog::replace(LiveCollection& live, CollectionState state) {
    auto shared = std::make_shared<const CollectionState>(std::move(state));
    PLUMB_TRY(view, make_write_view(shared, predicates_));
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    PLUMB_CHECK(write_record(*transaction, *shared));
    PLUMB_CHECK(write_next_number(*transaction));
    PLUMB_CHECK(transaction->commit(Durability::Journaled));
    auto with_side_log = std::make_shared<WriteView>(*view);
    with_side_log->side_log = live.view()->side_log;
    live.set_view(std::move(with_side_log));
    return {};
}

void Catalog::set_side_log(LiveCollection& live, std::shared_ptr<SideLog> side_log) {
    auto view = std::make_shared<WriteView>(*live.view());
    view->side_log = std::move(side_log);
    live.set_view(std::move(view));
}

Status Catalog::rename(const std::shared_ptr<LiveCollection>& live,
                       CollectionState state,
                       const std::shared_ptr<LiveCollection>& target) {
    const std::string from = live->state()->ns;
    auto shared = std::make_shared<const CollectionState>(std::move(state));
    PLUMB_TRY(view, make_write_view(shared, predicates_));
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    PLUMB_CHECK(write_record(*transaction, *shared));
    if (target != nullptr) {
        PLUMB_CHECK(erase_record(*transaction, target->state()->number));
    }
    PLUMB_CHECK(transaction->commit(Durability::Journaled));
    live->set_view(std::move(view));
    const std::unique_lock lock{map_mutex_};
    map_.erase(from);
    if (target != nullptr) {
        target->is_dropped = true;
    }
    map_.insert_or_assign(shared->ns, live);
    return {};
}

Status Catalog::remove(const std::shared_ptr<LiveCollection>& live) {
    const CollectionStatePtr state = live->state();
    PLUMB_TRY(transaction, pool_.begin(Access::Write));
    PLUMB_CHECK(erase_record(*transaction, state->number));
    PLUMB_CHECK(transaction->commit(Durability::Journaled));
    live->is_dropped = true;
    const std::unique_lock lock{map_mutex_};
    map_.erase(state->ns);
    return {};
}

Status Catalog::widen_multikey(LiveCollection& live,
                               std::uint32_t index_number,
                               const bson::MadeKeys& keys) {
    const std::lock_guard lock{changes};
    const WriteViewPtr old_view = live.view();
    auto state = std::make_shared<CollectionState>(*old_view->state);
    auto view = std::make_shared<WriteView>(*old_view);
    for (std::size_t at = 0; at < state->indexes.size(); ++at) {
        if (state->indexes[at]->number != index_number ||
            covers_multikey(*state->indexes[at], keys)) {
            continue;
        }
        auto wider = std::make_shared<IndexState>(*state->indexes[at]);
        add_multikey(*wider, keys);
        ++wider->multikey_change;
        state->indexes[at] = wider;
        view->indexes[at].state = wider;
        view->state = state;
        PLUMB_TRY(transaction, pool_.begin(Access::Write));
        PLUMB_CHECK(write_record(*transaction, *state));
        // The journal keeps the order of commits, so this one reaches the disk before the keys do.
        PLUMB_CHECK(transaction->commit(Durability::Lazy));
        live.set_view(view);
        wider->life->multikey_changes.store(wider->multikey_change, std::memory_order_release);
        return {};
    }
    return {};
}

}  // namespace plumb::storage
