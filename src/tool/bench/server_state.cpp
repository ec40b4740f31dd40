// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/server_state.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/bench/utc.h"

#include <fmt/format.h>

#include <fstream>
#include <initializer_list>
#include <thread>

namespace plumb::bench {
namespace {

std::int64_t int_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

constexpr std::string_view kCacheInUse = "bytes currently in the cache";

// The number at the end of these names; below 0 if there is none.
double number_at(bson::View document, std::initializer_list<std::string_view> path) {
    for (std::size_t depth = 0; const std::string_view name : path) {
        const bson::ValueView value = document.find(name);
        if (++depth == path.size()) {
            return value.is_number() ? bson::to_double(value) : -1;
        }
        if (value.type() != bson::Type::Document) {
            break;
        }
        document = value.as_document();
    }
    return -1;
}

bson::Document one_field(std::string_view name, std::string_view value) {
    bson::Builder out;
    out.append(name, value);
    return out.finish();
}

void read_sizes(client::Client& client, std::string_view database, CollectionInfo& out) {
    const auto stats = client.command(database, one_field("collStats", out.name));
    if (!stats.ok()) {
        return;
    }
    out.documents = int_of(*stats, "count");
    out.data_bytes = int_of(*stats, "size");
    out.storage_bytes = int_of(*stats, "storageSize");
    const bson::ValueView sizes = stats->find("indexSizes");
    if (sizes.type() == bson::Type::Document) {
        for (IndexInfo& index : out.indexes) {
            index.bytes = int_of(sizes.as_document(), index.name);
            index.cache_bytes = static_cast<std::int64_t>(
                number_at(*stats, {"indexDetails", index.name, "cache", kCacheInUse}));
        }
    }
    out.cache_bytes =
        static_cast<std::int64_t>(number_at(*stats, {"wiredTiger", "cache", kCacheInUse}));
}

// Needs a right that applications often lack: without it the uses stay unknown.
void read_uses(client::Client& client, std::string_view database, CollectionInfo& out) {
    bson::Builder stage;
    stage.begin_document("$indexStats").end();
    const std::vector<bson::Document> pipeline{stage.finish()};
    const Status read =
        client.aggregate(database, out.name, pipeline, [&out](bson::View use) -> Status {
            const bson::ValueView name = use.find("name");
            const bson::ValueView accesses = use.find("accesses");
            if (name.type() != bson::Type::String || accesses.type() != bson::Type::Document) {
                return {};
            }
            for (IndexInfo& index : out.indexes) {
                if (index.name == name.as_string()) {
                    index.uses = std::max<std::int64_t>(0, index.uses) +
                                 int_of(accesses.as_document(), "ops");
                }
            }
            return {};
        });
    static_cast<void>(read);
}

}  // namespace

ServerFigures server_figures(client::Client& client) {
    bson::Builder command;
    command.append("serverStatus", 1);
    ServerFigures out;
    const auto reply = client.command("admin", command.finish());
    if (!reply.ok()) {
        return out;
    }
    const double user = number_at(*reply, {"extra_info", "user_time_us"});
    const double system = number_at(*reply, {"extra_info", "system_time_us"});
    out.cpu_ns = user < 0 || system < 0 ? -1 : 1000 * (user + system);
    out.bytes_sent = number_at(*reply, {"network", "bytesOut"});
    out.bytes_received = number_at(*reply, {"network", "bytesIn"});
    out.cache_bytes = number_at(*reply, {"wiredTiger", "cache", kCacheInUse});
    out.cache_bytes_limit = number_at(*reply, {"wiredTiger", "cache", "maximum bytes configured"});
    out.cache_read_bytes = number_at(*reply, {"wiredTiger", "cache", "bytes read into cache"});
    const double resident_kb = number_at(*reply, {"extra_info", "maximum_resident_set_kb"});
    const double resident_mb = number_at(*reply, {"mem", "resident"});
    out.resident_bytes_max = resident_kb >= 0   ? resident_kb * 1024
                             : resident_mb >= 0 ? resident_mb * 1024 * 1024
                                                : -1;
    return out;
}

std::optional<double> server_cpu_ns(client::Client& client) {
    const double used = server_figures(client).cpu_ns;
    return used < 0 ? std::nullopt : std::optional<double>{used};
}

Environment environment_of(client::Client& client,
                           const std::string& database,
                           std::uint64_t seed) {
    Environment out;
    out.server = server_name(client);
    out.url = client.redacted_url();
    out.database = database;
    out.machine = machine_name();
    out.at = utc_now();
    out.seed = seed;
    return out;
}

Resources read_resources(client::Client& client) {
    const ServerFigures figures = server_figures(client);
    Resources out;
    out.resident_bytes_max = static_cast<std::int64_t>(figures.resident_bytes_max);
    out.cache_bytes = static_cast<std::int64_t>(figures.cache_bytes);
    out.cache_bytes_limit = static_cast<std::int64_t>(figures.cache_bytes_limit);
    return out;
}

std::string server_name(client::Client& client) {
    bson::Builder command;
    command.append("buildInfo", 1);
    const auto reply = client.command("admin", command.finish());
    if (!reply.ok()) {
        return "unknown";
    }
    const bson::ValueView version = reply->find("version");
    const std::string_view number =
        version.type() == bson::Type::String ? version.as_string() : "unknown";
    const bson::ValueView own = reply->find("plumbd");
    if (own.type() == bson::Type::Document &&
        own.as_document().find("version").type() == bson::Type::String) {
        return fmt::format(
            "plumbd {} (as MongoDB {})", own.as_document().find("version").as_string(), number);
    }
    return fmt::format("MongoDB {}", number);
}

Result<std::vector<CollectionInfo>> read_collections(client::Client& client,
                                                     std::string_view database) {
    PLUMB_TRY(listed, client.list_collections(database));
    std::vector<CollectionInfo> out;
    for (const bson::Document& collection : listed) {
        const bson::ValueView type = collection.find("type");
        const bool is_view = type.type() == bson::Type::String && type.as_string() != "collection";
        const bson::ValueView name = collection.find("name");
        if (is_view || name.type() != bson::Type::String ||
            name.as_string().starts_with("system.")) {
            continue;
        }
        CollectionInfo info;
        info.name = name.as_string();
        PLUMB_TRY(indexes, client.list_indexes(database, info.name));
        for (const bson::Document& index : indexes) {
            if (index.find("name").type() != bson::Type::String ||
                index.find("key").type() != bson::Type::Document ||
                index.find("key").as_document().empty()) {
                continue;
            }
            IndexInfo one;
            one.name = index.find("name").as_string();
            one.key = bson::to_json(index.find("key").as_document());
            one.first_field = index.find("key").as_document().front().name;
            info.indexes.push_back(std::move(one));
        }
        read_sizes(client, database, info);
        read_uses(client, database, info);
        out.push_back(std::move(info));
    }
    return out;
}

std::string machine_name() {
    std::ifstream file{"/proc/cpuinfo"};
    std::string model = "unknown processor";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) {
            model = line.substr(line.find(':') + 2);
            break;
        }
    }
    return fmt::format("{}, {} cores", model, std::thread::hardware_concurrency());
}

}  // namespace plumb::bench
