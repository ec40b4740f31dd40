// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/verify.h"

#include <set>

namespace plumb::verify {
namespace {

bool is_own_or_system(std::string_view collection) {
    return collection.starts_with("system.") || collection.starts_with("_plumb_");
}

std::string_view text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

}  // namespace

Result<FoundIndexes> read_indexes(client::Client& client,
                                  std::string_view database,
                                  const project::Strategy& strategy) {
    std::set<std::string> collections;
    PLUMB_TRY(listed, client.list_collections(database));
    for (const bson::Document& each : listed) {
        const std::string_view name = text_at(each, "name");
        if (text_at(each, "type") != "view" && !is_own_or_system(name)) {
            collections.emplace(name);
        }
    }
    for (const project::StrategyIndex& each : strategy.indexes) {
        collections.insert(each.collection);
    }
    FoundIndexes out;
    for (const std::string& name : collections) {
        PLUMB_TRY(indexes, client.list_indexes(database, name));
        for (const bson::Document& each : indexes) {
            PLUMB_TRY(index, project::index_from_server(each));
            out[name].push_back(std::move(index));
        }
    }
    return out;
}

}  // namespace plumb::verify
