// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/watch/fields.h"
#include "tool/watch/sample_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::watch {
namespace {

Result<std::vector<std::string>> collections_of(client::Client& client,
                                                const std::string& database) {
    PLUMB_TRY(listed, client.list_collections(database));
    std::vector<std::string> out;
    for (const bson::Document& collection : listed) {
        const std::string name = text_at(collection, "name");
        const std::string type = text_at(collection, "type");
        if (type != "view" && !name.empty() && !name.starts_with("system.") &&
            !name.starts_with("_plumbline") && out.size() < kCollectionsMax) {
            out.push_back(name);
        }
    }
    return out;
}

Status sample_collection(client::Client& client,
                         const std::string& database,
                         const std::string& collection,
                         const Into& into) {
    bson::Builder command;
    command.append("collStats", collection);
    PLUMB_TRY(stats, client.command(database, command.finish()));
    into.gauge("documents", whole_at(stats, "count").value_or(0), collection);
    into.gauge("data_bytes", whole_at(stats, "size").value_or(0), collection);
    into.gauge("storage_bytes", whole_at(stats, "storageSize").value_or(0), collection);
    for (const bson::Element& index : document_at(stats, "indexSizes")) {
        into.gauge("index_bytes",
                   index.value.is_number()
                       ? whole_at(document_at(stats, "indexSizes"), index.name).value_or(0)
                       : 0,
                   fmt::format("{}.{}", collection, index.name));
    }
    return {};
}

}  // namespace

Status sample_sizes(client::Client& client, const std::string& database, const Into& into) {
    into.gauge("indexes_read", 0);
    PLUMB_TRY(collections, collections_of(client, database));
    for (const std::string& collection : collections) {
        const Status read = sample_collection(client, database, collection, into);
        // Dropped since it was listed: then it has no indexes any more.
        if (!read.ok() && read.error().code() != ErrorCode::NamespaceNotFound) {
            return read;
        }
    }
    into.gauge("indexes_read", 1);
    return {};
}

Status sample_uses(client::Client& client, const std::string& database, Into& into) {
    PLUMB_TRY(collections, collections_of(client, database));
    bson::Builder stage;
    stage.begin_document("$indexStats").end();
    const std::vector<bson::Document> pipeline{stage.finish()};
    for (const std::string& collection : collections) {
        std::map<std::string, std::int64_t> uses;  // a router answers once for each shard
        std::map<std::string, std::int64_t> since;
        ++into.own_reads;
        const Status read =
            client.aggregate(database, collection, pipeline, [&](bson::View use) -> Status {
                const std::string name = text_at(use, "name");
                uses[name] += whole_at(use, "accesses.ops").value_or(0);
                since[name] = std::max(since[name], whole_at(use, "accesses.since").value_or(0));
                return {};
            });
        if (!read.ok() && read.error().code() != ErrorCode::NamespaceNotFound) {
            return read;
        }
        for (const auto& [name, ops] : uses) {
            const std::string subject = fmt::format("{}.{}", collection, name);
            into.counter("index_uses", ops, subject);
            into.gauge("index_since_ms", since[name], subject);
        }
    }
    return {};
}

}  // namespace plumb::watch
