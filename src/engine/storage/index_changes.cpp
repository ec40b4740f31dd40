// SPDX-License-Identifier: GPL-3.0-or-later
// Dropping indexes and changing what may change of them.
#include "engine/storage/engine_impl_internal.h"

#include <algorithm>
#include <utility>

namespace plumb::storage {

namespace {

Error no_such_index(std::string_view ns, std::string_view name) {
    return fail(ErrorCode::IndexNotFound,
                "index not found with name [" + std::string{name} + "] in " + std::string{ns});
}

}  // namespace

Status EngineImpl::drop_indexes(std::string_view ns,
                                const std::vector<std::string>& names,
                                Interrupt* interrupt) {
    std::vector<std::string> tables;
    {
        PLUMB_TRY(live, need_alone(ns, interrupt));
        const AloneGuard guard{live->gate};
        const std::lock_guard lock{catalog_.changes};
        CollectionState state = *live->state();
        for (const std::string& name : names) {
            const auto at =
                std::find_if(state.indexes.begin(), state.indexes.end(), [&](const auto& index) {
                    return index->spec.name == name;
                });
            if (at == state.indexes.end()) {
                return no_such_index(ns, name);
            }
            if ((*at)->is_id()) {
                return fail(ErrorCode::InvalidOptions, "cannot drop _id index");
            }
            tables.push_back((*at)->table);
            state.indexes.erase(at);
        }
        PLUMB_CHECK(catalog_.replace(*live, std::move(state)));
    }
    drops_.add(std::move(tables));
    drops_.sweep();
    return {};
}

Status EngineImpl::alter_index(std::string_view ns, const IndexSpec& changed) {
    PLUMB_TRY(live, need(ns));
    const std::lock_guard lock{catalog_.changes};
    if (live->is_dropped || live->state()->ns != ns) {
        return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{ns});
    }
    CollectionState state = *live->state();
    for (auto& index : state.indexes) {
        if (index->spec.name == changed.name) {
            auto altered = std::make_shared<IndexState>(*index);
            altered->spec.hidden = changed.hidden;
            altered->spec.expire_after_seconds = changed.expire_after_seconds;
            altered->spec.listed = changed.listed;
            index = std::move(altered);
            return catalog_.replace(*live, std::move(state));
        }
    }
    return no_such_index(ns, changed.name);
}

}  // namespace plumb::storage
