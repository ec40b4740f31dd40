// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/redundancy_use.h"

#include "tool/index_facts/hints.h"

namespace plumb::migrate::lint {

Result<index_facts::CollectionUse> use_of(const Context& context,
                                          const std::string& collection,
                                          const std::vector<project::IndexDefinition>& indexes) {
    index_facts::CollectionUse out;
    if (context.facts != nullptr) {
        PLUMB_TRY(shard_key, context.facts->shard_key(collection));
        out.shard_key = shard_key;
    }
    if (context.workload != nullptr) {
        for (const workload::Query& query : context.workload->queries) {
            out.hinted.merge(index_facts::hinted_indexes(query.commands, collection, indexes));
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
