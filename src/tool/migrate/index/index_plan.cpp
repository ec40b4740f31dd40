// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"

#include <algorithm>

namespace plumb::migrate {
namespace {

IndexStep plan_one(const project::IndexDefinition& wanted,
                   const std::vector<project::IndexDefinition>& existing) {
    IndexStep step;
    step.wanted = wanted;
    const auto same = std::find_if(
        existing.begin(), existing.end(), [&wanted](const project::IndexDefinition& each) {
            return project::differences(wanted, each).empty();
        });
    if (same != existing.end()) {
        step.what = IndexStep::What::Exists;
        step.found_name = same->name;
        return step;
    }
    const auto in_the_way = std::find_if(
        existing.begin(), existing.end(), [&wanted](const project::IndexDefinition& each) {
            return each.name == wanted.name || project::same_key(each.key, wanted.key);
        });
    if (in_the_way != existing.end()) {
        step.what = IndexStep::What::Conflict;
        step.found_name = in_the_way->name;
        step.differences = project::differences(wanted, *in_the_way);
    }
    return step;
}

}  // namespace

std::vector<IndexStep> plan_indexes(const std::vector<project::IndexDefinition>& wanted,
                                    const std::vector<project::IndexDefinition>& existing) {
    std::vector<IndexStep> out;
    out.reserve(wanted.size());
    for (const project::IndexDefinition& index : wanted) {
        out.push_back(plan_one(index, existing));
    }
    return out;
}

std::vector<project::IndexDefinition> to_create(const std::vector<IndexStep>& steps) {
    std::vector<project::IndexDefinition> out;
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Create) {
            out.push_back(step.wanted);
        }
    }
    return out;
}

const project::IndexDefinition* find_index(const std::vector<project::IndexDefinition>& indexes,
                                           std::string_view name) {
    const auto found =
        std::find_if(indexes.begin(), indexes.end(), [name](const project::IndexDefinition& each) {
            return each.name == name;
        });
    return found == indexes.end() ? nullptr : &*found;
}

bool has_index(const std::vector<project::IndexDefinition>& indexes,
               const project::IndexDefinition& wanted) {
    const project::IndexDefinition* found = find_index(indexes, wanted.name);
    return found != nullptr && project::differences(wanted, *found).empty();
}

Result<std::vector<project::IndexDefinition>> indexes_of(client::Client& client,
                                                         std::string_view database,
                                                         std::string_view collection) {
    PLUMB_TRY(listed, client.list_indexes(database, collection));
    std::vector<project::IndexDefinition> out;
    for (const bson::Document& each : listed) {
        PLUMB_TRY(index, project::index_from_server(each));
        out.push_back(std::move(index));
    }
    return out;
}

}  // namespace plumb::migrate
