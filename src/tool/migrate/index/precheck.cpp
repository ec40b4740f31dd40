// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/precheck.h"

#include "base/limits.h"
#include "bson/builder.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

Problem conflict(const std::string& collection, const IndexStep& step) {
    Problem out;
    out.code = "conflict";
    out.collection = collection;
    out.index = step.wanted.name;
    out.text = fmt::format(
        "{}.{}: index {} is in the way ({}); drop it or change the migration{}",
        collection,
        step.wanted.name,
        step.found_name,
        project::describe(step.differences),
        step.wanted.position.has_value() ? " at " + step.wanted.position->to_string() : "");
    bson::Builder details;
    details.append("existing", step.found_name);
    details.begin_array("differences");
    for (const project::Difference& each : step.differences) {
        details.push_document();
        details.append("field", each.field);
        details.append("wanted", each.wanted);
        details.append("found", each.found);
        details.end();
    }
    details.end();
    out.details = details.finish();
    return out;
}

Problem too_many(const std::string& collection, std::size_t existing, std::size_t more) {
    Problem out;
    out.code = "too_many_indexes";
    out.collection = collection;
    out.text = fmt::format("{} has {} indexes; {} more would pass the limit of {}",
                           collection,
                           existing,
                           more,
                           kIndexesPerCollectionMax);
    bson::Builder details;
    details.append("existing", static_cast<std::int64_t>(existing));
    details.append("more", static_cast<std::int64_t>(more));
    out.details = details.finish();
    return out;
}

}  // namespace

Result<std::vector<Problem>> find_problems(const Deployment& deployment,
                                           const std::string& collection,
                                           const std::vector<IndexStep>& steps,
                                           const std::vector<project::IndexDefinition>& existing) {
    std::vector<Problem> out;
    const std::vector<project::IndexDefinition> create = to_create(steps);
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Conflict) {
            out.push_back(conflict(collection, step));
        }
    }
    if (existing.size() + create.size() > static_cast<std::size_t>(kIndexesPerCollectionMax)) {
        out.push_back(too_many(collection, existing.size(), create.size()));
    }
    for (const project::IndexDefinition& index : create) {
        if (!index.unique || existing.empty()) {
            continue;
        }
        deployment.tell(
            Progress{fmt::format("looking for duplicates: {}.{}", collection, index.name), 0, 0});
        PLUMB_CHECK(deployment.interrupt.check());
        PLUMB_TRY(duplicates, find_duplicates(deployment, collection, index));
        deployment.tell(Progress{"", -1, 0});
        out.insert(out.end(), duplicates.begin(), duplicates.end());
    }
    return out;
}

}  // namespace plumb::migrate
