// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/database_facts.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "client/sampling.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace plumb::migrate {
namespace {

constexpr std::size_t kSampleWindows = 100;

std::int64_t number_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

std::string text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

bson::Document one_field(std::string_view name, std::string_view text) {
    bson::Builder out;
    out.append(name, text);
    return out.finish();
}

// "4.2.24" as numbers; 0.0 where it is no version.
ServerVersion read_version(std::string_view text) {
    ServerVersion out;
    const char* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, out.major);
    if (major.ec == std::errc{} && major.ptr != end && *major.ptr == '.') {
        std::from_chars(major.ptr + 1, end, out.minor);
    }
    return out;
}

}  // namespace

std::string ServerVersion::to_string() const {
    return fmt::format("{}.{}", major, minor);
}

Result<ServerVersion> DatabaseFacts::version() {
    if (!version_.has_value()) {
        bson::Builder command;
        command.append("buildInfo", 1);
        PLUMB_TRY(reply, deployment_.client.command("admin", command.finish()));
        version_ = read_version(text_at(reply, "version"));
    }
    return *version_;
}

Result<std::vector<std::string>> DatabaseFacts::collections() {
    if (!collections_.has_value()) {
        PLUMB_TRY(listed, deployment_.client.list_collections(deployment_.database));
        std::vector<std::string> names;
        for (const bson::Document& each : listed) {
            std::string name = text_at(each, "name");
            if (!name.starts_with("system.") && !name.starts_with("_plumb_")) {
                names.push_back(std::move(name));
            }
        }
        collections_ = std::move(names);
    }
    return *collections_;
}

Result<bool> DatabaseFacts::has_collection(const std::string& name) {
    PLUMB_TRY(names, collections());
    return std::find(names.begin(), names.end(), name) != names.end();
}

Result<const std::vector<project::IndexDefinition>*> DatabaseFacts::indexes(
    const std::string& collection) {
    auto found = indexes_.find(collection);
    if (found == indexes_.end()) {
        PLUMB_TRY(listed, indexes_of(deployment_.client, deployment_.database, collection));
        found = indexes_.emplace(collection, std::move(listed)).first;
    }
    return &found->second;
}

Result<CollectionSize> DatabaseFacts::size(const std::string& collection) {
    const auto found = sizes_.find(collection);
    if (found != sizes_.end()) {
        return found->second;
    }
    CollectionSize out;
    PLUMB_TRY(there, has_collection(collection));
    if (there) {
        PLUMB_TRY(
            reply,
            deployment_.client.command(deployment_.database, one_field("collStats", collection)));
        out.documents = number_at(reply, "count");
        out.bytes = number_at(reply, "size");
    }
    sizes_.emplace(collection, out);
    return out;
}

// From many places in the order of `_id`: a server's $sample may read the whole collection.
Result<std::vector<bson::Document>> DatabaseFacts::draw_sample(const std::string& collection) {
    const client::Sampled from{
        deployment_.client, deployment_.database, collection, {}, 1, &deployment_.interrupt};
    PLUMB_TRY(whole, size(collection));
    PLUMB_TRY(range, client::id_range(from));
    if (whole.documents > kSampleDocuments && range) {
        return client::in_windows(from,
                                  *range,
                                  kSampleWindows,
                                  static_cast<std::size_t>(kSampleDocuments) / kSampleWindows);
    }
    bson::Builder stage;
    stage.begin_document("$sample");
    stage.append("size", kSampleDocuments);
    stage.end();
    std::vector<bson::Document> documents;
    PLUMB_CHECK(deployment_.client.aggregate(deployment_.database,
                                             collection,
                                             {stage.finish()},
                                             [&documents](bson::View document) -> Status {
                                                 documents.emplace_back(document);
                                                 return {};
                                             }));
    return documents;
}

Result<const std::vector<bson::Document>*> DatabaseFacts::sample(const std::string& collection) {
    auto found = samples_.find(collection);
    if (found == samples_.end()) {
        PLUMB_TRY(documents, draw_sample(collection));
        found = samples_.emplace(collection, std::move(documents)).first;
    }
    return &found->second;
}

Result<std::optional<bson::Document>> DatabaseFacts::shard_key(const std::string& collection) {
    const auto entry = deployment_.client.find_one(
        "config", "collections", one_field("_id", deployment_.database + "." + collection));
    // Who may not read the routing tables learns nothing from them.
    if (!entry.ok() && entry.error().code() == ErrorCode::Unauthorized) {
        return std::optional<bson::Document>{};
    }
    PLUMB_CHECK(Result<std::optional<bson::Document>>{entry});
    if (!entry->has_value()) {
        return std::optional<bson::Document>{};
    }
    const bson::View found = (*entry)->view();
    const bson::ValueView dropped = found.find("dropped");
    const bson::ValueView key = found.find("key");
    if (key.type() != bson::Type::Document ||
        (dropped.type() == bson::Type::Bool && dropped.as_bool())) {
        return std::optional<bson::Document>{};
    }
    return std::optional<bson::Document>{bson::Document{key.as_document()}};
}

}  // namespace plumb::migrate
