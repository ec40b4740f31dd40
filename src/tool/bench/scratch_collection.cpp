// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/scratch_collection.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <chrono>

namespace plumb::bench {

ScratchCollection::ScratchCollection(client::Client& client,
                                     std::string database,
                                     std::string source,
                                     std::string name)
    : client_(client),
      database_(std::move(database)),
      source_(std::move(source)),
      name_(std::move(name)) {}

ScratchCollection::~ScratchCollection() {
    static_cast<void>(drop());
}

Status ScratchCollection::drop() {
    bson::Builder command;
    command.append("drop", name_);
    const auto dropped = client_.command(database_, command.finish());
    if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
        return Error{dropped.error()};
    }
    return {};
}

Status ScratchCollection::fill(std::int64_t documents_max) {
    PLUMB_CHECK(drop());
    std::vector<bson::Document> pipeline;
    pipeline.push_back(bson::Builder{}.append("$limit", documents_max).finish());
    pipeline.push_back(bson::Builder{}.append("$out", name_).finish());
    return client_.aggregate(database_, source_, pipeline, [](bson::View) -> Status { return {}; })
        .context(fmt::format("copying {} to {}", source_, name_));
}

Result<std::int64_t> ScratchCollection::count() const {
    bson::Builder command;
    command.append("count", name_);
    PLUMB_TRY(reply, client_.command(database_, command.finish()));
    const bson::ValueView n = reply.find("n");
    return n.is_number() ? bson::to_clamped_int64(n) : 0;
}

Result<std::vector<bson::Document>> ScratchCollection::documents(std::int64_t limit) const {
    std::vector<bson::Document> out;
    client::FindOptions options;
    options.limit = limit;
    PLUMB_CHECK(client_.find(
        database_, name_, bson::View{}, options, [&out](bson::View document) -> Status {
            out.emplace_back(document);
            return {};
        }));
    return out;
}

Result<std::int64_t> ScratchCollection::build(const project::IndexDefinition& index) {
    bson::Builder command;
    command.append("createIndexes", name_);
    command.begin_array("indexes");
    command.push(project::index_to_command(index));
    command.end();
    const auto start = std::chrono::steady_clock::now();
    PLUMB_CHECK(client_.command(database_, command.finish()));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start)
        .count();
}

Status ScratchCollection::drop_index(std::string_view index_name) {
    bson::Builder command;
    command.append("dropIndexes", name_);
    command.append("index", index_name);
    PLUMB_CHECK(client_.command(database_, command.finish()));
    return {};
}

Result<std::int64_t> ScratchCollection::index_bytes(std::string_view index_name) const {
    bson::Builder command;
    command.append("collStats", name_);
    PLUMB_TRY(reply, client_.command(database_, command.finish()));
    const bson::ValueView sizes = reply.find("indexSizes");
    if (sizes.type() != bson::Type::Document || !sizes.as_document().find(index_name).is_number()) {
        return std::int64_t{0};
    }
    return bson::to_clamped_int64(sizes.as_document().find(index_name));
}

}  // namespace plumb::bench
