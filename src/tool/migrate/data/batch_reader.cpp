// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/batch_reader.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/number.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"

#include <fmt/format.h>

namespace plumb::migrate {

Result<std::vector<bson::Document>> BatchReader::next(int limit) {
    PLUMB_TRY(found, read(limit, From::SameType));
    if (found.empty() && !position_.missing()) {
        PLUMB_TRY(others, read(limit, From::AnyType));
        found = std::move(others);
    }
    if (!found.empty()) {
        position_ = bson::Value{found.back().find("_id")};
    }
    return found;
}

Result<std::vector<bson::Document>> BatchReader::read(int limit, From from) {
    const bool goes_on = !position_.missing();
    bson::Document filter = filter_;
    if (goes_on && from == From::SameType) {
        filter = both(filter_, document_of("_id", document_of("$gt", position_)));
    }
    bson::Builder command;
    command.append("find", collection_);
    command.append("filter", filter);
    if (!projection_.empty()) {
        command.append("projection", projection_);
    }
    command.begin_document("sort");
    command.append("_id", 1);
    command.end();
    command.begin_document("hint");
    command.append("_id", 1);
    command.end();
    if (goes_on && from == From::AnyType) {
        command.begin_document("min");
        command.append("_id", position_);
        command.end();
    }
    command.append("limit", limit + 1);
    command.append("batchSize", limit + 1);
    command.append("singleBatch", true);
    PLUMB_TRY(reply,
              deployment_.client.command(deployment_.database, command.finish())
                  .context(fmt::format("reading a batch of {}", collection_)));
    std::vector<bson::Document> out;
    const bson::ValueView cursor = reply.find("cursor");
    const bson::ValueView batch = cursor.type() == bson::Type::Document
                                      ? cursor.as_document().find("firstBatch")
                                      : bson::ValueView{};
    if (batch.type() != bson::Type::Array) {
        return fail(ErrorCode::FailedToParse, "find answered without a batch");
    }
    for (const bson::Element& element : batch.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(ErrorCode::FailedToParse, "find answered with something else");
        }
        const bson::View document = element.value.as_document();
        const bool seen =
            out.empty() && goes_on && bson::equal(document.find("_id"), position_.view());
        if (!seen && out.size() < static_cast<std::size_t>(limit)) {
            out.emplace_back(document);
        }
    }
    return out;
}

Result<std::int64_t> count_documents(const Deployment& deployment,
                                     const std::string& collection,
                                     bson::View filter) {
    bson::Builder command;
    command.append("count", collection);
    if (!filter.empty()) {
        command.append("query", filter);
    }
    PLUMB_TRY(reply,
              deployment.client.command(deployment.database, command.finish())
                  .context(fmt::format("counting documents of {}", collection)));
    const bson::ValueView count = reply.find("n");
    return count.is_number() ? bson::to_clamped_int64(count) : 0;
}

}  // namespace plumb::migrate
