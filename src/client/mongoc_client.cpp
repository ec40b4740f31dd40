// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/mongoc_client.h"

#include "bson/builder.h"

#include <algorithm>

namespace plumb::client {
namespace {

// A command can succeed as such and still have failed to write: its reply says so.
Status check_write_errors(bson::View reply) {
    for (const char* field : {"writeErrors", "writeConcernError"}) {
        const bson::ValueView found = reply.find(field);
        if (found.type() != bson::Type::Array && found.type() != bson::Type::Document) {
            continue;
        }
        const bson::View errors = found.as_container();
        if (errors.empty()) {
            continue;
        }
        const bson::View first =
            found.type() == bson::Type::Array && errors.front().value.type() == bson::Type::Document
                ? errors.front().value.as_document()
                : errors;
        const bson::ValueView code = first.find("code");
        const bson::ValueView text = first.find("errmsg");
        return fail(code.type() == bson::Type::Int32 ? ErrorCode{code.as_int32()}
                                                     : ErrorCode::UnknownError,
                    text.type() == bson::Type::String ? std::string{text.as_string()} : field)
            .with_details(std::string{reply.raw()});
    }
    return {};
}

bson::Document find_options(const FindOptions& options) {
    bson::Builder out;
    if (!options.sort.empty()) {
        out.append("sort", options.sort);
    }
    if (!options.projection.empty()) {
        out.append("projection", options.projection);
    }
    if (options.skip.has_value()) {
        out.append("skip", *options.skip);
    }
    if (options.limit.has_value()) {
        out.append("limit", *options.limit);
    }
    if (options.batch_size.has_value()) {
        out.append("batchSize", static_cast<std::int64_t>(*options.batch_size));
    }
    out.append("hint", options.hint);
    if (!options.read_concern.empty()) {
        out.begin_document("readConcern");
        out.append("level", options.read_concern);
        out.end();
    }
    return out.finish();
}

}  // namespace

MongocClient::MongocClient(ClientHandle handle, std::string redacted_url)
    : handle_(std::move(handle)), redacted_url_(std::move(redacted_url)) {
    bytes_.attach(handle_.get());
}

CollectionHandle MongocClient::collection(std::string_view database, std::string_view name) {
    return CollectionHandle{mongoc_client_get_collection(
        handle_.get(), std::string{database}.c_str(), std::string{name}.c_str())};
}

Status MongocClient::drain(mongoc_cursor_t* cursor, const OnDocument& each) const {
    const bson_t* document = nullptr;
    while (mongoc_cursor_next(cursor, &document)) {
        PLUMB_TRY(view, checked_view(document));
        PLUMB_CHECK(each(view));
    }
    bson_error_t error{};
    const bson_t* reply = nullptr;
    if (!mongoc_cursor_error_document(cursor, &error, &reply)) {
        return {};
    }
    bson::View details;
    if (reply != nullptr) {
        PLUMB_TRY(view, checked_view(reply));
        details = view;
    }
    return to_error(error, details, redacted_url_);
}

Result<bson::Document> MongocClient::command(std::string_view database, bson::View command) {
    Reply reply;
    bson_error_t error{};
    const bson_t borrowed_command = borrowed(command);
    const bool done = mongoc_client_command_simple(handle_.get(),
                                                   std::string{database}.c_str(),
                                                   &borrowed_command,
                                                   nullptr,
                                                   reply.fill(),
                                                   &error);
    if (!done) {
        return to_error(error, reply.view(), redacted_url_);
    }
    PLUMB_CHECK(check_write_errors(reply.view()));
    return bson::Document{reply.view()};
}

Status MongocClient::find(std::string_view database,
                          std::string_view name,
                          bson::View filter,
                          const FindOptions& options,
                          const OnDocument& each) {
    const CollectionHandle target = collection(database, name);
    const bson::Document opts = find_options(options);
    const bson_t borrowed_filter = borrowed(filter);
    const bson_t borrowed_opts = borrowed(opts);
    const CursorHandle cursor{
        mongoc_collection_find_with_opts(target.get(), &borrowed_filter, &borrowed_opts, nullptr)};
    return drain(cursor.get(), each);
}

Status MongocClient::aggregate(std::string_view database,
                               std::string_view name,
                               const std::vector<bson::Document>& pipeline,
                               const OnDocument& each) {
    bson::Builder stages;
    stages.begin_array("pipeline");
    for (const bson::Document& stage : pipeline) {
        stages.push(stage);
    }
    stages.end();
    const bson::Document wrapped = stages.finish();
    const bson_t borrowed_pipeline = borrowed(wrapped);
    const CollectionHandle target = collection(database, name);
    const CursorHandle cursor{mongoc_collection_aggregate(
        target.get(), MONGOC_QUERY_NONE, &borrowed_pipeline, nullptr, nullptr)};
    return drain(cursor.get(), each);
}

Result<std::optional<bson::Document>> MongocClient::find_one(std::string_view database,
                                                             std::string_view name,
                                                             bson::View filter) {
    FindOptions options;
    options.limit = 1;
    std::optional<bson::Document> found;
    PLUMB_CHECK(find(database, name, filter, options, [&found](bson::View document) -> Status {
        found = bson::Document{document};
        return {};
    }));
    return found;
}

Result<std::vector<bson::Document>> MongocClient::list_indexes(std::string_view database,
                                                               std::string_view name) {
    const CollectionHandle target = collection(database, name);
    const CursorHandle cursor{mongoc_collection_find_indexes_with_opts(target.get(), nullptr)};
    std::vector<bson::Document> out;
    const Status read = drain(cursor.get(), [&out](bson::View index) -> Status {
        bson::Builder without_ns;
        for (const bson::Element& element : index) {
            if (element.name != "ns") {
                without_ns.append(element.name, element.value);
            }
        }
        out.push_back(without_ns.finish());
        return {};
    });
    if (!read.ok() && read.error().code() == ErrorCode::NamespaceNotFound) {
        return std::vector<bson::Document>{};
    }
    PLUMB_CHECK(Status{read});
    return out;
}

Result<std::vector<bson::Document>> MongocClient::list_collections(std::string_view database) {
    const DatabaseHandle target{
        mongoc_client_get_database(handle_.get(), std::string{database}.c_str())};
    const CursorHandle cursor{mongoc_database_find_collections_with_opts(target.get(), nullptr)};
    std::vector<bson::Document> out;
    PLUMB_CHECK(drain(cursor.get(), [&out](bson::View collection_info) -> Status {
        out.emplace_back(collection_info);
        return {};
    }));
    std::sort(out.begin(), out.end(), [](const bson::Document& a, const bson::Document& b) {
        const bson::ValueView left = a.find("name");
        const bson::ValueView right = b.find("name");
        return left.type() == bson::Type::String && right.type() == bson::Type::String &&
               left.as_string() < right.as_string();
    });
    return out;
}

}  // namespace plumb::client
