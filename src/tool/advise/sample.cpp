// SPDX-License-Identifier: GPL-3.0-or-later
// Up to some size the documents whose `_id` hashes lowest; beyond it a few documents from each of
// many places in the order of `_id`, so that no large collection is read as a whole.
#include "tool/advise/sample.h"

#include "base/random.h"
#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/number.h"

#include <algorithm>
#include <optional>

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

struct Ranked {
    std::uint64_t rank;
    bson::Document row;
    bool operator<(const Ranked& other) const { return rank < other.rank; }
};

Result<std::vector<bson::Document>> scan(const Reader& reader,
                                         std::size_t rows,
                                         std::uint64_t seed) {
    std::vector<Ranked> heap;
    client::FindOptions options;
    const Status read = reader.client.find(
        reader.database, reader.collection, bson::View{}, options, [&](bson::View row) -> Status {
            PLUMB_CHECK(reader.interrupt.check());
            const std::uint64_t rank = bson::hash_bytes(row.find("_id").raw(), seed);
            if (heap.size() < rows) {
                heap.push_back({rank, bson::Document{row}});
                std::push_heap(heap.begin(), heap.end());
            } else if (rank < heap.front().rank) {
                std::pop_heap(heap.begin(), heap.end());
                heap.back() = {rank, bson::Document{row}};
                std::push_heap(heap.begin(), heap.end());
            }
            return {};
        });
    PLUMB_CHECK(read);
    std::sort_heap(heap.begin(), heap.end());
    std::vector<bson::Document> out;
    out.reserve(heap.size());
    for (Ranked& ranked : heap) {
        out.push_back(std::move(ranked.row));
    }
    return out;
}

Result<std::optional<bson::ObjectId>> end_id(const Reader& reader, int direction) {
    client::FindOptions options;
    options.limit = 1;
    options.sort = bson::Builder{}.append("_id", direction).finish();
    options.projection = bson::Builder{}.append("_id", 1).finish();
    std::optional<bson::ObjectId> found;
    const Status read = reader.client.find(
        reader.database, reader.collection, bson::View{}, options, [&](bson::View row) -> Status {
            if (row.find("_id").type() == bson::Type::ObjectId) {
                found = row.find("_id").as_object_id();
            }
            return {};
        });
    PLUMB_CHECK(read);
    return found;
}

std::uint64_t leading_bytes(const bson::ObjectId& id) {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < 8; ++index) {
        number = number << 8U | id.bytes[index];
    }
    return number;
}

bson::ObjectId id_at(std::uint64_t number) {
    bson::ObjectId id;
    for (std::size_t index = 0; index < 8; ++index) {
        id.bytes[index] = static_cast<std::uint8_t>(number >> (56 - 8 * index));
    }
    return id;
}

Result<std::vector<bson::Document>> windows(const Reader& reader,
                                            std::size_t rows,
                                            std::uint64_t low,
                                            std::uint64_t high,
                                            std::uint64_t seed) {
    client::FindOptions options;
    options.limit = static_cast<std::int64_t>(std::max<std::size_t>(rows / kWindows, 1));
    options.sort = bson::Builder{}.append("_id", 1).finish();
    Random random{seed};
    std::vector<bson::Document> out;
    for (std::size_t window = 0; window < kWindows; ++window) {
        PLUMB_CHECK(reader.interrupt.check());
        bson::Builder filter;
        filter.begin_document("_id");
        filter.append("$gte", id_at(low + (high > low ? random.below(high - low) : 0)));
        filter.end();
        const Status read = reader.client.find(reader.database,
                                               reader.collection,
                                               filter.finish(),
                                               options,
                                               [&out](bson::View row) -> Status {
                                                   out.emplace_back(row);
                                                   return {};
                                               });
        PLUMB_CHECK(read);
    }
    return out;
}

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
    if (options.exact) {
        return scan(reader, static_cast<std::size_t>(documents) + 1, options.seed);
    }
    if (documents <= kScanDocuments) {
        return scan(reader, options.rows_max, options.seed);
    }
    PLUMB_TRY(first, end_id(reader, 1));
    PLUMB_TRY(last, end_id(reader, -1));
    if (!first || !last) {
        return servers_choice(reader, options.rows_max);
    }
    return windows(
        reader, options.rows_max, leading_bytes(*first), leading_bytes(*last), options.seed);
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
