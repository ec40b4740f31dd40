// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/shard_key.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <fmt/format.h>

namespace plumb::index_facts {

std::optional<bson::Document> read_shard_key(client::Client& client,
                                             std::string_view database,
                                             std::string_view collection) {
    bson::Builder filter;
    filter.append("_id", fmt::format("{}.{}", database, collection));
    const auto found = client.find_one("config", "collections", filter.finish());
    if (!found.ok() || !found->has_value()) {
        return {};
    }
    const bson::ValueView key = (*found)->find("key");
    const bool dropped = bson::truthy((*found)->find("dropped"));
    if (dropped || key.type() != bson::Type::Document) {
        return {};
    }
    return bson::Document{key.as_document()};
}

}  // namespace plumb::index_facts
