// SPDX-License-Identifier: GPL-3.0-or-later
// Draws documents from a database, the same ones each time: those whose `_id` hashes lowest.
#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "tool/workload/draw.h"

#include <algorithm>
#include <optional>
#include <set>

namespace plumb::workload {
namespace {

constexpr std::size_t kRows = 512;
constexpr std::size_t kCopies = 64;
// A collection up to this size is read as a whole (only the fields needed).
constexpr std::int64_t kScanDocuments = 400'000;
constexpr std::uint64_t kWindows = 64;

// One reader of one collection.
struct Reader {
    client::Client& client;
    std::string_view database;
    std::string_view collection;
    std::uint64_t seed;
};

struct Ranked {
    std::uint64_t rank;
    bson::Document row;
    bool operator<(const Ranked& other) const { return rank < other.rank; }
};

// Keeps the rows of the lowest ranks.
class Lowest {
  public:
    void offer(std::uint64_t rank, bson::View row) {
        if (heap_.size() < kRows) {
            heap_.push_back({rank, bson::Document{row}});
            std::push_heap(heap_.begin(), heap_.end());
        } else if (rank < heap_.front().rank) {
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.back() = {rank, bson::Document{row}};
            std::push_heap(heap_.begin(), heap_.end());
        }
    }
    [[nodiscard]] std::vector<bson::Document> take() && {
        std::sort_heap(heap_.begin(), heap_.end());
        std::vector<bson::Document> out;
        for (Ranked& ranked : heap_) {
            out.push_back(std::move(ranked.row));
        }
        return out;
    }

  private:
    std::vector<Ranked> heap_;
};

std::uint64_t rank_of(bson::View row, std::uint64_t seed) {
    return bson::hash_bytes(row.find("_id").raw(), seed);
}

bson::Document projection_of(const std::set<std::string>& fields) {
    bson::Builder out;
    for (const std::string& field : fields) {
        out.append(field, 1);
    }
    return out.finish();
}

Result<std::vector<bson::Document>> scan(const Reader& reader, const client::FindOptions& options) {
    Lowest lowest;
    PLUMB_CHECK(reader.client.find(
        reader.database, reader.collection, bson::View{}, options, [&](bson::View row) -> Status {
            lowest.offer(rank_of(row, reader.seed), row);
            return {};
        }));
    return std::move(lowest).take();
}

// The ObjectId at one end of the collection; nothing if `_id` is of another type.
Result<std::optional<bson::ObjectId>> end_id(const Reader& reader, int direction) {
    client::FindOptions options;
    options.limit = 1;
    options.sort = bson::Builder{}.append("_id", direction).finish();
    options.projection = bson::Builder{}.append("_id", 1).finish();
    std::optional<bson::ObjectId> found;
    PLUMB_CHECK(reader.client.find(
        reader.database, reader.collection, bson::View{}, options, [&](bson::View row) -> Status {
            if (row.find("_id").type() == bson::Type::ObjectId) {
                found = row.find("_id").as_object_id();
            }
            return {};
        }));
    return found;
}

std::uint64_t leading_bytes(const bson::ObjectId& id) {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < 8; ++index) {
        number = number << 8 | id.bytes[index];
    }
    return number;
}

bson::ObjectId id_between(std::uint64_t low, std::uint64_t high, Random& random) {
    const std::uint64_t number = low + (high > low ? random.below(high - low) : 0);
    bson::ObjectId id;
    for (std::size_t index = 0; index < 8; ++index) {
        id.bytes[index] = static_cast<std::uint8_t>(number >> (56 - 8 * index));
    }
    return id;
}

// A few rows from each of many random starts, instead of the whole collection.
Result<std::vector<bson::Document>> read_windows(const Reader& reader,
                                                 client::FindOptions options,
                                                 std::uint64_t low,
                                                 std::uint64_t high) {
    options.limit = static_cast<std::int64_t>(kRows / kWindows);
    options.sort = bson::Builder{}.append("_id", 1).finish();
    std::vector<bson::Document> out;
    Random random{reader.seed};
    for (std::uint64_t window = 0; window < kWindows; ++window) {
        bson::Builder filter;
        filter.begin_document("_id");
        filter.append("$gte", id_between(low, high, random));
        filter.end();
        PLUMB_CHECK(reader.client.find(reader.database,
                                       reader.collection,
                                       filter.finish(),
                                       options,
                                       [&out](bson::View row) -> Status {
                                           out.emplace_back(row);
                                           return {};
                                       }));
    }
    return out;
}

Result<std::int64_t> count_documents(const Reader& reader) {
    bson::Builder count;
    count.append("count", reader.collection);
    PLUMB_TRY(reply, reader.client.command(reader.database, count.finish()));
    return bson::to_clamped_int64(reply.find("n"));
}

Result<std::vector<bson::Document>> read_rows(const Reader& reader,
                                              const std::set<std::string>& fields) {
    client::FindOptions options;
    options.projection = projection_of(fields);
    PLUMB_TRY(count, count_documents(reader));
    if (count > kScanDocuments) {
        PLUMB_TRY(first, end_id(reader, 1));
        PLUMB_TRY(last, end_id(reader, -1));
        if (first.has_value() && last.has_value()) {
            return read_windows(reader, options, leading_bytes(*first), leading_bytes(*last));
        }
    }
    return scan(reader, options);
}

// The whole documents behind some of the rows, without `_id`.
Result<std::vector<bson::Document>> read_copies(const Reader& reader,
                                                const std::vector<bson::Document>& rows) {
    bson::Builder filter;
    filter.begin_document("_id").begin_array("$in");
    for (std::size_t index = 0; index < std::min(kCopies, rows.size()); ++index) {
        filter.push(rows[index].find("_id"));
    }
    filter.end().end();
    client::FindOptions options;
    options.projection = bson::Builder{}.append("_id", 0).finish();
    options.sort = bson::Builder{}.append("_id", 1).finish();
    std::vector<bson::Document> out;
    PLUMB_CHECK(reader.client.find(reader.database,
                                   reader.collection,
                                   filter.finish(),
                                   options,
                                   [&out](bson::View row) -> Status {
                                       out.emplace_back(row);
                                       return {};
                                   }));
    return out;
}

}  // namespace

Result<Drawer> prepare_drawer(client::Client& client,
                              std::string_view database,
                              const Workload& workload,
                              std::uint64_t seed) {
    std::map<std::string, std::set<std::string>, std::less<>> fields;
    std::set<std::string> copied;
    for (const Parameter& parameter : workload.parameters) {
        if (parameter.source == Source::Sample || parameter.source == Source::Copy) {
            auto& wanted = fields[parameter.collection];
            wanted.insert("_id");
            wanted.insert(parameter.fields.begin(), parameter.fields.end());
        }
        if (parameter.source == Source::Copy) {
            copied.insert(parameter.collection);
        }
    }
    Pools rows;
    Pools copies;
    for (const auto& [collection, wanted] : fields) {
        const Reader reader{client, database, collection, seed};
        PLUMB_TRY(read, read_rows(reader, wanted).context("drawing from " + collection));
        if (copied.contains(collection) && !read.empty()) {
            PLUMB_TRY(whole, read_copies(reader, read).context("copying from " + collection));
            copies.emplace(collection, std::move(whole));
        }
        rows.emplace(collection, std::move(read));
    }
    return Drawer{workload, seed, std::move(rows), std::move(copies)};
}

}  // namespace plumb::workload
