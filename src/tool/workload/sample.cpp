// SPDX-License-Identifier: GPL-3.0-or-later
// Draws documents from a database, the same ones each time: those whose `_id` hashes lowest.
#include "bson/builder.h"
#include "bson/number.h"
#include "client/sampling.h"
#include "tool/workload/draw.h"

#include <algorithm>
#include <set>

namespace plumb::workload {
namespace {

constexpr std::size_t kRows = 512;
constexpr std::size_t kCopies = 64;
// A collection up to this size is read as a whole (only the fields needed).
constexpr std::int64_t kScanDocuments = 400'000;
constexpr std::size_t kWindows = 64;

// One reader of one collection.
struct Reader {
    client::Client& client;
    std::string_view database;
    std::string_view collection;
    std::uint64_t seed;
};

// A projection knows no positions of an array: "tags.0" is fetched as "tags".
std::string without_positions(std::string_view path) {
    std::size_t begin = 0;
    while (begin < path.size()) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const std::string_view name = path.substr(begin, end - begin);
        if (begin > 0 && name.find_first_not_of("0123456789") == std::string_view::npos) {
            return std::string{path.substr(0, begin - 1)};
        }
        begin = end + 1;
    }
    return std::string{path};
}

// Servers refuse a projection of a field and of what is in it.
bool has_ancestor(std::string_view field, const std::set<std::string>& fields) {
    for (std::size_t dot = field.find('.'); dot != std::string_view::npos;
         dot = field.find('.', dot + 1)) {
        if (fields.contains(std::string{field.substr(0, dot)})) {
            return true;
        }
    }
    return false;
}

bson::Document projection_of(const std::set<std::string>& fields) {
    bson::Builder out;
    for (const std::string& field : fields) {
        if (!has_ancestor(field, fields)) {
            out.append(field, 1);
        }
    }
    return out.finish();
}

Result<std::int64_t> count_documents(const Reader& reader) {
    bson::Builder count;
    count.append("count", reader.collection);
    PLUMB_TRY(reply, reader.client.command(reader.database, count.finish()));
    return bson::to_clamped_int64(reply.find("n"));
}

Result<std::vector<bson::Document>> read_rows(const Reader& reader,
                                              const std::set<std::string>& fields) {
    const client::Sampled from{reader.client,
                               reader.database,
                               reader.collection,
                               projection_of(fields),
                               reader.seed,
                               nullptr};
    PLUMB_TRY(count, count_documents(reader));
    if (count > kScanDocuments) {
        PLUMB_TRY(range, client::id_range(from));
        if (range) {
            return client::in_windows(from, *range, kWindows, kRows / kWindows);
        }
    }
    return client::lowest_ranked(from, kRows);
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
        if (!parameter.collection.empty()) {
            auto& wanted = fields[parameter.collection];
            wanted.insert("_id");
            for (const std::string& field : parameter.fields) {
                wanted.insert(without_positions(field));
            }
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
