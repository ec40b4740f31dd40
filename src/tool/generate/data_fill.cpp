// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/data_fill.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::generate {
namespace {

constexpr std::uint64_t kBatchDocuments = 1000;

Status drop(client::Client& client, const std::string& database, const std::string& collection) {
    bson::Builder command;
    command.append("drop", collection);
    const auto dropped = client.command(database, command.finish());
    if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
        return Error{dropped.error()};
    }
    return {};
}

Status refuse_or_drop(const DataRequest& request, client::Client& client) {
    std::string occupied;
    for (const DataCollection& collection : request.data.collections) {
        if (request.drop) {
            PLUMB_CHECK(drop(client, request.database, collection.name));
            continue;
        }
        PLUMB_TRY(first, client.find_one(request.database, collection.name, bson::View{}));
        if (first.has_value()) {
            occupied += (occupied.empty() ? "" : ", ") + collection.name;
        }
    }
    if (!occupied.empty()) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("database {} already holds documents in {}; --drop replaces these "
                                "collections, --db NAME takes another database",
                                request.database,
                                occupied));
    }
    return {};
}

}  // namespace

Result<FillSummary> fill_data(const DataRequest& request,
                              client::Client& client,
                              Interrupt& interrupt,
                              const OnProgress& on_progress) {
    PLUMB_CHECK(refuse_or_drop(request, client));
    const DataMaker maker{request.data, request.size};
    FillSummary out;
    std::int64_t total = 0;
    for (std::size_t at = 0; at < request.data.collections.size(); ++at) {
        total += static_cast<std::int64_t>(maker.count(at));
    }
    bson::Builder builder;
    std::vector<bson::Document> batch;
    std::vector<bson::View> views;
    for (std::size_t at = 0; at < request.data.collections.size(); ++at) {
        FilledCollection row;
        row.name = request.data.collections[at].name;
        for (std::uint64_t first = 0; first < maker.count(at); first += kBatchDocuments) {
            PLUMB_CHECK(interrupt.check().context(fmt::format(
                "stopped after {} of {} documents; run again with --drop", out.documents, total)));
            const std::uint64_t end = std::min(maker.count(at), first + kBatchDocuments);
            batch.clear();
            for (std::uint64_t place = first; place < end; ++place) {
                batch.emplace_back(maker.make(at, place, builder));
                row.bytes += batch.back().view().byte_size();
            }
            views.assign(batch.begin(), batch.end());
            PLUMB_CHECK(client.insert(request.database, row.name, views).context(row.name));
            row.documents += static_cast<std::int64_t>(end - first);
            out.documents += static_cast<std::int64_t>(end - first);
            on_progress(out.documents, total);
        }
        out.bytes += row.bytes;
        out.collections.push_back(std::move(row));
    }
    return out;
}

}  // namespace plumb::generate
