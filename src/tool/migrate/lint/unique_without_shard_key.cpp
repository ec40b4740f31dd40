// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {
namespace {

// True if the fields of the shard key are the first ones of the index, in their order.
bool begins_with(bson::View key, bson::View shard_key) {
    auto field = key.begin();
    for (const bson::Element& wanted : shard_key) {
        if (field == key.end() || field->name != wanted.name) {
            return false;
        }
        ++field;
    }
    return true;
}

}  // namespace

FoundList check_unique_without_shard_key(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            if (!index.unique) {
                continue;
            }
            PLUMB_TRY(shard_key, context.facts->shard_key(step.operation->collection));
            if (shard_key.has_value() && !begins_with(index.key, *shard_key)) {
                out.push_back(found_at(
                    step,
                    index,
                    fmt::format("{}.{} is unique on {}, but the collection is sharded by {}",
                                step.operation->collection,
                                index.name,
                                project::key_text(index.key),
                                project::key_text(*shard_key))));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
