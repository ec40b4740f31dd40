// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/helper_index.h"

#include "bson/builder.h"
#include "tool/migrate/index/index_plan.h"

#include <algorithm>

namespace plumb::migrate {
namespace {

// True if every look-up by all fields of `key` is a range of this index.
bool serves(const project::IndexDefinition& index, bson::View key) {
    if (index.partial.has_value() || index.sparse || index.hidden || !index.other.empty()) {
        return false;
    }
    std::size_t found = 0;
    const std::size_t wanted = key.count();
    for (const bson::Element& element : index.key) {
        if (found == wanted) {
            break;
        }
        if (!element.value.is_number() || !key.has(element.name)) {
            return false;
        }
        ++found;
    }
    return found == wanted;
}

}  // namespace

HelperIndex helper_index(const std::string& collection, const std::vector<std::string>& fields) {
    bson::Builder key;
    std::string name = "_plumb_helper";
    for (const std::string& field : fields) {
        key.append(field, 1);
        name += "_" + field;
    }
    HelperIndex out;
    out.collection = collection;
    out.index.key = key.finish();
    out.index.name = std::move(name);
    return out;
}

Result<std::vector<HelperIndex>> missing_helpers(const Deployment& deployment,
                                                 const std::vector<HelperIndex>& wanted) {
    std::vector<HelperIndex> out;
    for (const HelperIndex& helper : wanted) {
        PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, helper.collection));
        const bool served = std::any_of(existing.begin(), existing.end(), [&](const auto& index) {
            return serves(index, helper.index.key);
        });
        if (!served) {
            out.push_back(helper);
        }
    }
    return out;
}

Status build_helpers(const Deployment& deployment,
                     const std::vector<HelperIndex>& helpers,
                     OnInterrupt on_interrupt) {
    for (const HelperIndex& helper : helpers) {
        PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, helper.collection));
        // Without the collection there is nothing to look up, and none is to be made.
        if (existing.empty() || has_index(existing, helper.index)) {
            continue;
        }
        deployment.tell(Note{"building an index for the time of this operation: " +
                             helper.collection + " " + project::key_text(helper.index.key)});
        PLUMB_CHECK(build_indexes(deployment, helper.collection, {helper.index}, on_interrupt));
    }
    return {};
}

Status drop_helpers(const Deployment& deployment, const std::vector<HelperIndex>& helpers) {
    for (const HelperIndex& helper : helpers) {
        PLUMB_CHECK(wait_for_builds(deployment, helper.collection, OnInterrupt::Ignore));
        PLUMB_CHECK(drop_indexes(deployment, helper.collection, {helper.index.name}));
    }
    return {};
}

}  // namespace plumb::migrate
