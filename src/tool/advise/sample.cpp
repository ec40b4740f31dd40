// SPDX-License-Identifier: GPL-3.0-or-later
// Up to some size the documents whose `_id` hashes lowest; beyond it a few documents from each of
// many places in the order of `_id`, so that no large collection is read as a whole.
#include "tool/advise/sample.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "client/sampling.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// A collection up to this size is read as a whole.
constexpr std::int64_t kScanDocuments = 150'000;
constexpr std::size_t kWindows = 200;

struct Reader {
    client::Client& client;
    const std::string& database;
    const std::string& collection;
    Interrupt& interrupt;
};

// For `_id`s that are no ObjectIds: what the server picks, another choice each time.
Result<std::vector<bson::Document>> servers_choice(const Reader& reader, std::size_t rows) {
    bson::Builder stage;
    stage.begin_document("$sample");
    stage.append("size", static_cast<std::int64_t>(rows));
    stage.end();
    std::vector<bson::Document> out;
    const Status read = reader.client.aggregate(
        reader.database, reader.collection, {stage.finish()}, [&out](bson::View row) -> Status {
            out.emplace_back(row);
            return {};
        });
    PLUMB_CHECK(read);
    return out;
}

Result<std::vector<bson::Document>> read_rows(const Reader& reader,
                                              std::int64_t documents,
                                              const SampleOptions& options) {
    const client::Sampled from{
        reader.client, reader.database, reader.collection, {}, options.seed, &reader.interrupt};
    if (options.exact) {
        return client::lowest_ranked(from, static_cast<std::size_t>(documents) + 1);
    }
    if (documents <= kScanDocuments) {
        return client::lowest_ranked(from, options.rows_max);
    }
    PLUMB_TRY(range, client::id_range(from));
    if (!range) {
        return servers_choice(reader, options.rows_max);
    }
    return client::in_windows(
        from, *range, kWindows, std::max<std::size_t>(options.rows_max / kWindows, 1));
}

Status read_sizes(const Reader& reader, CollectionSample& out) {
    bson::Builder command;
    command.append("collStats", reader.collection);
    PLUMB_TRY(stats, reader.client.command(reader.database, command.finish()));
    const bson::View view = stats;
    out.documents = bson::to_clamped_int64(view.find("count"));
    out.data_bytes = view.find("size").is_number() ? bson::to_clamped_int64(view.find("size")) : 0;
    const bson::ValueView sizes = view.find("indexSizes");
    for (ExistingIndex& index : out.indexes) {
        if (sizes.type() != bson::Type::Document) {
            break;
        }
        const bson::ValueView bytes = sizes.as_document().find(index.definition.name);
        index.bytes = bytes.is_number() ? bson::to_clamped_int64(bytes) : -1;
    }
    return {};
}

// How often each index was used. A user who may not read it learns nothing, and that is no error.
void read_uses(const Reader& reader, CollectionSample& out) {
    bson::Builder stage;
    stage.begin_document("$indexStats").end();
    const Status read = reader.client.aggregate(
        reader.database, reader.collection, {stage.finish()}, [&](bson::View row) -> Status {
            const bson::ValueView name = row.find("name");
            const bson::ValueView accesses = row.find("accesses");
            if (name.type() != bson::Type::String || accesses.type() != bson::Type::Document) {
                return {};
            }
            for (ExistingIndex& index : out.indexes) {
                if (index.definition.name != name.as_string()) {
                    continue;
                }
                const bson::View counts = accesses.as_document();
                index.uses = std::max<std::int64_t>(index.uses, 0) +
                             bson::to_clamped_int64(counts.find("ops"));
                if (counts.find("since").type() == bson::Type::Date) {
                    index.uses_since_ms = counts.find("since").as_date().ms;
                }
            }
            return {};
        });
    static_cast<void>(read);
}

}  // namespace

Result<CollectionSample> draw_sample(client::Client& client,
                                     const std::string& database,
                                     const std::string& collection,
                                     const SampleOptions& options,
                                     Interrupt& interrupt) {
    CollectionSample out;
    out.name = collection;
    PLUMB_TRY(indexes, client.list_indexes(database, collection));
    out.exists = !indexes.empty();
    if (!out.exists) {
        return out;
    }
    for (const bson::Document& index : indexes) {
        PLUMB_TRY(definition, project::index_from_server(index));
        out.indexes.push_back({std::move(definition), -1, -1, 0});
    }
    const Reader reader{client, database, collection, interrupt};
    PLUMB_CHECK(read_sizes(reader, out));
    read_uses(reader, out);
    PLUMB_TRY(rows, read_rows(reader, out.documents, options));
    out.rows = std::move(rows);
    return out;
}

}  // namespace plumb::advise
