// SPDX-License-Identifier: GPL-3.0-or-later
// The writes of MongocClient.
#include "bson/builder.h"
#include "client/mongoc_client.h"

namespace plumb::client {
namespace {

std::int64_t count_in(bson::View reply, std::string_view field) {
    const bson::ValueView value = reply.find(field);
    if (value.type() == bson::Type::Int32) {
        return value.as_int32();
    }
    return value.type() == bson::Type::Int64 ? value.as_int64() : 0;
}

WriteCounts counts_in(bson::View reply) {
    return {.inserted = count_in(reply, "insertedCount"),
            .matched = count_in(reply, "matchedCount"),
            .modified = count_in(reply, "modifiedCount"),
            .deleted = count_in(reply, "deletedCount"),
            .upserted = count_in(reply, "upsertedCount")};
}

// The driver checks names of new documents by rules of old servers; ours have the server check.
bson::Document write_options(bool upsert) {
    bson::Builder out;
    out.append("validate", false);
    if (upsert) {
        out.append("upsert", true);
    }
    return out.finish();
}

bool is_replacement(bson::ValueView update) {
    return update.type() == bson::Type::Document &&
           (update.as_document().empty() || !update.as_document().front().name.starts_with('$'));
}

}  // namespace

Result<WriteCounts> MongocClient::insert(std::string_view database,
                                         std::string_view name,
                                         const std::vector<bson::View>& documents) {
    if (documents.empty()) {
        return WriteCounts{};
    }
    const CollectionHandle target = collection(database, name);
    const BulkHandle bulk{mongoc_collection_create_bulk_operation_with_opts(target.get(), nullptr)};
    const bson::Document opts = write_options(false);
    const bson_t borrowed_opts = borrowed(opts);
    bson_error_t error{};
    for (const bson::View document : documents) {
        const bson_t each = borrowed(document);
        if (!mongoc_bulk_operation_insert_with_opts(bulk.get(), &each, &borrowed_opts, &error)) {
            return to_error(error, {}, redacted_url_);
        }
    }
    Reply reply;
    if (mongoc_bulk_operation_execute(bulk.get(), reply.fill(), &error) == 0) {
        return to_error(error, reply.view(), redacted_url_);
    }
    WriteCounts counts;
    counts.inserted = count_in(reply.view(), "nInserted");
    return counts;
}

Result<WriteCounts> MongocClient::update(std::string_view database,
                                         std::string_view name,
                                         bson::View filter,
                                         bson::ValueView update,
                                         bool multi,
                                         bool upsert) {
    if (update.type() != bson::Type::Document && update.type() != bson::Type::Array) {
        return fail(ErrorCode::FailedToParse, "an update is a document or a pipeline");
    }
    const bool replacement = is_replacement(update);
    if (replacement && multi) {
        return fail(ErrorCode::FailedToParse, "a replacement can only update one document");
    }
    const auto call = replacement ? mongoc_collection_replace_one
                      : multi     ? mongoc_collection_update_many
                                  : mongoc_collection_update_one;
    const bson_t borrowed_filter = borrowed(filter);
    const bson_t borrowed_update = borrowed(update.as_container());
    const bson::Document opts = write_options(upsert);
    const bson_t borrowed_opts = borrowed(opts);
    Reply reply;
    bson_error_t error{};
    const bool done = call(collection(database, name).get(),
                           &borrowed_filter,
                           &borrowed_update,
                           &borrowed_opts,
                           reply.fill(),
                           &error);
    if (!done) {
        return to_error(error, reply.view(), redacted_url_);
    }
    return counts_in(reply.view());
}

Result<WriteCounts> MongocClient::remove(std::string_view database,
                                         std::string_view name,
                                         bson::View filter,
                                         bool only_one) {
    const auto call = only_one ? mongoc_collection_delete_one : mongoc_collection_delete_many;
    const bson_t borrowed_filter = borrowed(filter);
    Reply reply;
    bson_error_t error{};
    const bool done =
        call(collection(database, name).get(), &borrowed_filter, nullptr, reply.fill(), &error);
    if (!done) {
        return to_error(error, reply.view(), redacted_url_);
    }
    return counts_in(reply.view());
}

}  // namespace plumb::client
