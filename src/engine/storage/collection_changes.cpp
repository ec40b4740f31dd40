// SPDX-License-Identifier: GPL-3.0-or-later
// Creating, dropping, renaming collections and changing their options.
#include "bson/builder.h"
#include "bson/object_id.h"
#include "engine/storage/engine_impl_internal.h"
#include "engine/storage/random_uuid_internal.h"
#include "engine/storage/tables_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

IndexSpec id_index_spec() {
    bson::Builder key;
    key.append("_id", 1);
    IndexSpec spec;
    spec.name = "_id_";
    spec.key = key.finish();
    bson::Builder listed;
    listed.append("v", 2);
    listed.append("key", spec.key);
    listed.append("name", spec.name);
    spec.listed = listed.finish();
    return spec;
}

// The profiler's documents have no _id.
bool has_id_index(const CollectionState& state) {
    return state.name() != "system.profile";
}

Result<std::shared_ptr<const IndexState>> make_id_index(std::uint32_t number) {
    auto index = std::make_shared<IndexState>();
    index->spec = id_index_spec();
    PLUMB_TRY(pattern, bson::KeyPattern::parse(index->spec.key.view()));
    index->pattern = std::move(pattern);
    index->multikey_paths.resize(1);
    index->life = std::make_shared<IndexLife>();
    index->number = number;
    index->table = table_uri(TableKind::Index, number);
    return std::shared_ptr<const IndexState>{std::move(index)};
}

// Those who wait for documents of a capped collection look again, and find that it is gone.
void wake_waiters(const LiveCollection& live) {
    if (live.capped != nullptr) {
        live.capped->news()->announce();
    }
}

std::vector<std::string> tables_of(const CollectionState& state) {
    std::vector<std::string> out{state.table};
    for (const auto& index : state.indexes) {
        out.push_back(index->table);
    }
    return out;
}

}  // namespace

Result<CollectionStatePtr> EngineImpl::create_collection(std::string_view ns, bson::View options) {
    const std::lock_guard lock{catalog_.changes};
    if (catalog_.find(ns) != nullptr) {
        return fail(ErrorCode::NamespaceExists,
                    "a collection '" + std::string{ns} + "' already exists");
    }
    CollectionState state;
    state.ns = ns;
    PLUMB_TRY(uuid, random_uuid());
    state.uuid = std::move(uuid);
    state.options = bson::Document{options};
    state.number = catalog_.take_number();
    if (!state.is_view()) {
        if (has_id_index(state)) {
            PLUMB_TRY(index, make_id_index(catalog_.take_number()));
            index->life->born = pool_.next_moment();
            state.indexes.push_back(std::move(index));
        }
        state.table = table_uri(TableKind::Records, state.number);
        PLUMB_TRY(session, pool_.take());
        const BorrowedSession borrowed{pool_, std::move(session)};
        // Tables first: a crash before the catalog names them leaves orphans, which the next start
        // drops.
        PLUMB_CHECK(create_table(borrowed.wt(), TableKind::Records, state.table));
        for (const auto& index : state.indexes) {
            PLUMB_CHECK(create_table(borrowed.wt(), TableKind::Index, index->table));
        }
    }
    std::vector<std::string> tables = tables_of(state);
    Result<CollectionStatePtr> added = catalog_.add(std::move(state));
    if (!added.ok()) {
        drops_.add(std::move(tables));
    }
    return added;
}

Status EngineImpl::drop_collection(std::string_view ns, Interrupt* interrupt) {
    std::vector<std::string> tables;
    {
        PLUMB_TRY(live, need_alone(ns, interrupt));
        const AloneGuard guard{live->gate};
        const std::lock_guard lock{catalog_.changes};
        tables = tables_of(*live->state());
        PLUMB_CHECK(catalog_.remove(live));
        wake_waiters(*live);
    }
    drops_.add(std::move(tables));
    drops_.sweep();
    return {};
}

Status EngineImpl::rename_collection(std::string_view from,
                                     std::string_view to,
                                     bool drop_target,
                                     Interrupt* interrupt) {
    std::vector<std::string> tables;
    for (bool done = false; !done;) {
        if (interrupt != nullptr) {
            PLUMB_CHECK(interrupt->check_now());
        }
        PLUMB_TRY(live, need_alone(from, interrupt));
        const AloneGuard guard{live->gate};
        const std::shared_ptr<LiveCollection> target = catalog_.find(to);
        if (target == live) {
            return fail(ErrorCode::IllegalOperation, "a collection cannot be renamed to itself");
        }
        if (target != nullptr && !drop_target) {
            return fail(ErrorCode::NamespaceExists, "target namespace exists");
        }
        std::optional<AloneGuard> target_guard;
        if (target != nullptr) {
            // Two gates at once: by trying, so that two renames cannot wait for each other.
            if (!target->gate.try_enter_alone()) {
                continue;
            }
            target_guard.emplace(target->gate);
        }
        const std::lock_guard lock{catalog_.changes};
        if (catalog_.find(to) != target) {
            continue;
        }
        CollectionState state = *live->state();
        state.ns = to;
        if (target != nullptr) {
            tables = tables_of(*target->state());
        }
        PLUMB_CHECK(catalog_.rename(live, std::move(state), target));
        wake_waiters(*live);
        if (target != nullptr) {
            wake_waiters(*target);
        }
        done = true;
    }
    drops_.add(std::move(tables));
    drops_.sweep();
    return {};
}

Status EngineImpl::set_options(std::string_view ns, bson::View options) {
    PLUMB_TRY(live, need(ns));
    const std::lock_guard lock{catalog_.changes};
    if (live->is_dropped || live->state()->ns != ns) {
        return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{ns});
    }
    CollectionState state = *live->state();
    state.options = bson::Document{options};
    return catalog_.replace(*live, std::move(state));
}

}  // namespace plumb::storage
