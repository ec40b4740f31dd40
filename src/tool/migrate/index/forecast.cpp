// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/forecast.h"

#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::migrate {
namespace {

constexpr std::int64_t kTimedDocuments = 5000;  // read once to learn the rate
// Beside its key an entry has a record's id and the page's bookkeeping; what pages are compressed
// to depends on how often values repeat. Measured: docs/migrations.md, "What a forecast is worth".
constexpr double kEntryBytesLow = 2.5;
constexpr double kEntryBytesHigh = 12;
constexpr double kKeyShareLow = 0.12;
// To make, sort and load one key, in microseconds: from memory, and with a sort that spills.
constexpr double kKeyMicrosLow = 0.3;
constexpr double kKeyMicrosHigh = 6;
// A build reads faster than a client does, or slower if the data is not in the cache.
constexpr double kReadFactorLow = 0.2;
constexpr double kReadFactorHigh = 4;
constexpr std::int64_t kOverheadMsHigh = 300;  // commands, locks, a checkpoint
constexpr std::int64_t kPageBytes = 4096;

struct Keys {
    double per_document = 0;
    double bytes = 0;  // of one key, on average
    bool multikey = false;
};

// The sampled documents that the index holds: the server knows its filter best.
Result<std::vector<bson::Document>> held_by(DatabaseFacts& facts,
                                            const std::string& collection,
                                            const std::vector<bson::Document>& sample,
                                            const bson::Document& filter) {
    bson::Builder query;
    query.begin_array("$and");
    query.push_document();
    query.begin_document("_id");
    query.begin_array("$in");
    for (const bson::Document& each : sample) {
        query.push(each.find("_id"));
    }
    query.end();
    query.end();
    query.end();
    query.push(filter);
    query.end();
    std::vector<bson::Document> out;
    const Deployment& deployment = facts.deployment();
    PLUMB_CHECK(deployment.client.find(
        deployment.database, collection, query.finish(), {}, [&out](bson::View document) -> Status {
            out.emplace_back(document);
            return {};
        }));
    return out;
}

Keys keys_of(const std::vector<bson::Document>& documents,
             std::size_t sampled,
             const project::IndexDefinition& index) {
    Keys out;
    auto pattern = bson::KeyPattern::parse(index.key);
    if (!pattern.ok() || sampled == 0) {
        // A text or geo key: about ten words of eight bytes.
        out.per_document = pattern.ok() ? 0 : 10;
        out.bytes = pattern.ok() ? 0 : 8;
        return out;
    }
    const bson::KeyMaker maker{*std::move(pattern), index.sparse};
    bson::MadeKeys made;
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const bson::Document& document : documents) {
        made.clear();
        if (!maker.make(document, made).ok()) {
            continue;
        }
        count += made.keys.size();
        for (const bson::MadeKey& key : made.keys) {
            bytes += key.bytes.size();
        }
        out.multikey = out.multikey || made.multikey;
    }
    out.per_document = static_cast<double>(count) / static_cast<double>(sampled);
    out.bytes = count == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(count);
    return out;
}

// Microseconds that a client needs to read one document of the collection now.
Result<double> read_micros(DatabaseFacts& facts,
                           const std::string& collection,
                           std::int64_t& documents_read) {
    const Deployment& deployment = facts.deployment();
    client::FindOptions options;
    options.limit = kTimedDocuments;
    const auto started = deployment.clock.monotonic();
    documents_read = 0;
    PLUMB_CHECK(deployment.client.find(deployment.database,
                                       collection,
                                       bson::View{},
                                       options,
                                       [&documents_read](bson::View /*document*/) -> Status {
                                           ++documents_read;
                                           return {};
                                       }));
    const std::chrono::duration<double, std::micro> took = deployment.clock.monotonic() - started;
    return documents_read == 0 ? 0.0 : took.count() / static_cast<double>(documents_read);
}

std::int64_t rounded(double number) {
    return static_cast<std::int64_t>(std::llround(number));
}

}  // namespace

Result<BuildForecast> forecast_build(DatabaseFacts& facts,
                                     const std::string& collection,
                                     const std::vector<project::IndexDefinition>& create) {
    BuildForecast out;
    out.collection = collection;
    PLUMB_TRY(existing, facts.indexes(collection));
    // A collection that is made by the build gets `_id_` as well.
    out.indexes_now = static_cast<int>(existing->size());
    out.indexes_then = std::max(out.indexes_now, 1) + static_cast<int>(create.size());
    PLUMB_TRY(size, facts.size(collection));
    out.size = size;
    if (size.documents == 0) {
        for (const project::IndexDefinition& index : create) {
            out.indexes.push_back({index.name, 0, kPageBytes, 2 * kPageBytes, false});
        }
        out.ms_high = kOverheadMsHigh;
        out.basis = "the collection is empty";
        return out;
    }
    PLUMB_TRY(sample, facts.sample(collection));
    out.sampled = static_cast<std::int64_t>(sample->size());
    const auto documents = static_cast<double>(size.documents);
    double keys = 0;
    for (const project::IndexDefinition& index : create) {
        std::vector<bson::Document> held;
        if (index.partial.has_value()) {
            PLUMB_TRY(matching, held_by(facts, collection, *sample, *index.partial));
            held = std::move(matching);
        }
        const Keys made =
            keys_of(index.partial.has_value() ? held : *sample, sample->size(), index);
        const double entries = made.per_document * documents;
        keys += entries;
        out.indexes.push_back(
            {index.name,
             rounded(entries),
             std::max(kPageBytes, rounded(entries * (made.bytes * kKeyShareLow + kEntryBytesLow))),
             std::max(2 * kPageBytes, rounded(entries * (made.bytes + kEntryBytesHigh))),
             made.multikey});
    }
    std::int64_t timed = 0;
    PLUMB_TRY(micros, read_micros(facts, collection, timed));
    const double scan_ms = micros * documents / 1000;
    out.ms_low = rounded(scan_ms * kReadFactorLow + keys * kKeyMicrosLow / 1000);
    out.ms_high =
        rounded(scan_ms * kReadFactorHigh + keys * kKeyMicrosHigh / 1000) + kOverheadMsHigh;
    out.basis = fmt::format(
        "estimated, not measured: sizes from the keys of {} sampled documents of {}, time from "
        "reading {} of them at {:.0f} documents/s now and {} to {} µs to sort and load a key",
        out.sampled,
        size.documents,
        timed,
        micros > 0 ? 1e6 / micros : 0.0,
        kKeyMicrosLow,
        kKeyMicrosHigh);
    return out;
}

}  // namespace plumb::migrate
