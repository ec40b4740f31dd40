// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/calibrate/probe.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/calibrate/counters_internal.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace plumb::calibrate {
namespace {

constexpr int kPings = 60;
constexpr int kPointReads = 40;
constexpr std::int64_t kReturnedMax = 1000;
constexpr std::int64_t kReturnedBytesMax = 4LL << 20;  // far below what one reply may hold
// A field that no document has: {it: null} is true for all of them, and no index knows it.
constexpr std::string_view kNoField = "_plumb_probe";

Span span_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&values](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return {at(0.5), at(0.1), at(0.9)};
}

// The part of `whole` that is beyond `part`; costs are never below zero.
Span beyond(const Span& whole, const Span& part) {
    return {std::max(0.0, whole.value - part.value),
            std::max(0.0, whole.low - part.high),
            std::max(0.0, whole.high - part.low)};
}

// The kinds of bounded reads.
enum class Read : std::uint8_t {
    Scan,         // documents of a collection scan, none returned
    Keys,         // keys of _id, none returned
    Fetch,        // keys of _id and their documents, none returned
    ReturnIds,    // documents of a collection scan, of each only its _id returned
    ReturnWhole,  // the same, returned whole
};

class Prober {
  public:
    Prober(client::Client& client,
           std::string_view database,
           const ProbeOptions& options,
           const Clock& clock,
           Interrupt& interrupt)
        : client_(client),
          database_(database),
          options_(options),
          clock_(clock),
          interrupt_(interrupt) {}

    Result<Costs> run() {
        Costs out;
        out.server = client_.redacted_url();
        PLUMB_TRY(ping, ping_time());
        out.round_trip = ping;
        PLUMB_CHECK(choose_collection());
        if (documents_ >= kDocumentsMin) {
            out.collection = collection_;
            PLUMB_CHECK(read_costs(out));
        }
        read_counters(client_, database_, out);
        out.documents_read = read_;
        return out;
    }

  private:
    Result<double> timed(std::string_view database, bson::View command) {
        PLUMB_CHECK(interrupt_.check_now());
        const auto started = clock_.monotonic();
        PLUMB_CHECK(client_.command(database, command));
        return static_cast<double>((clock_.monotonic() - started).count());
    }

    Result<Span> ping_time() {
        const bson::Document ping = bson::Builder{}.append("ping", 1).finish();
        std::vector<double> times;
        for (int round = 0; round < kPings; ++round) {
            PLUMB_TRY(time, timed("admin", ping));
            // The first ones find caches and the connection cold.
            if (round >= kPings / 6) {
                times.push_back(time);
            }
        }
        return span_of(std::move(times));
    }

    // The one that was named, or the one with most documents.
    Status choose_collection() {
        PLUMB_TRY(listed, client_.list_collections(database_));
        for (const bson::Document& each : listed) {
            const bson::ValueView type = each.find("type");
            const bson::ValueView name = each.find("name");
            if (name.type() != bson::Type::String || name.as_string().starts_with("system.") ||
                (type.type() == bson::Type::String && type.as_string() != "collection") ||
                (!options_.collection.empty() && name.as_string() != options_.collection)) {
                continue;
            }
            const auto stats = client_.command(
                database_, bson::Builder{}.append("collStats", name.as_string()).finish());
            if (!stats.ok() || !stats->find("count").is_number()) {
                continue;
            }
            const std::int64_t count = bson::to_clamped_int64(stats->find("count"));
            if (count > documents_) {
                documents_ = count;
                collection_ = name.as_string();
                const bson::ValueView average = stats->find("avgObjSize");
                average_bytes_ = average.is_number() ? bson::to_double(average) : 500;
            }
        }
        return {};
    }

    bson::Document command_for(Read read, std::int64_t documents) const {
        bson::Builder out;
        const bool counts = read == Read::Scan || read == Read::Keys || read == Read::Fetch;
        out.append(counts ? "count" : "find", collection_);
        out.begin_document(counts ? "query" : "filter");
        if (read == Read::Keys || read == Read::Fetch) {
            out.begin_document("_id").append("$gte", least_.view()).end();
        }
        if (read == Read::Scan || read == Read::Fetch) {
            out.append_null(kNoField);
        }
        out.end();
        if (read == Read::ReturnIds) {
            out.begin_document("projection").append("_id", 1).end();
        }
        if (read == Read::Keys || read == Read::Fetch) {
            out.begin_document("hint").append("_id", 1).end();
        } else {
            out.begin_document("hint").append("$natural", 1).end();
        }
        out.append("limit", documents);
        if (!counts) {
            out.append("batchSize", documents);
            out.append("singleBatch", true);
        }
        out.append("maxTimeMS", static_cast<std::int64_t>(options_.time_limit.count()));
        return out.finish();
    }

    // What one more document costs: a long read against one of a tenth of it, side by side.
    Result<Span> slope(Read read, std::int64_t documents_max) {
        std::int64_t documents = std::min<std::int64_t>(documents_max, kDocumentsMin * 5);
        const double wanted_ns =
            std::chrono::duration<double, std::nano>(options_.time_wanted).count();
        while (documents < documents_max) {
            PLUMB_TRY(time, timed(database_, command_for(read, documents)));
            read_ += documents;
            if (time >= wanted_ns) {
                break;
            }
            documents = std::min(documents_max, documents * 2);
        }
        const std::int64_t few = std::max<std::int64_t>(1, documents / 10);
        std::vector<double> slopes;
        for (int round = 0; round < options_.rounds; ++round) {
            PLUMB_TRY(short_time, timed(database_, command_for(read, few)));
            PLUMB_TRY(long_time, timed(database_, command_for(read, documents)));
            read_ += few + documents;
            slopes.push_back(
                std::max(0.0, (long_time - short_time) / static_cast<double>(documents - few)));
        }
        return span_of(std::move(slopes));
    }

    // Single documents by _id, spread over the first ones of the collection.
    Status statement_cost(Costs& out) {
        client::FindOptions first;
        first.projection = bson::Builder{}.append("_id", 1).finish();
        first.limit = kPointReads;
        std::vector<bson::Value> ids;
        PLUMB_CHECK(client_.find(
            database_, collection_, bson::View{}, first, [&ids](bson::View row) -> Status {
                ids.emplace_back(row.find("_id"));
                return {};
            }));
        // A processor that wakes up is slower, whatever it does: a ping beside each read.
        std::vector<double> times;
        std::vector<double> pings;
        const bson::Document ping = bson::Builder{}.append("ping", 1).finish();
        for (const bson::Value& id : ids) {
            PLUMB_TRY(ping_time, timed("admin", ping));
            pings.push_back(ping_time);
            bson::Builder command;
            command.append("find", collection_);
            command.begin_document("filter").append("_id", id).end();
            command.append("limit", 1).append("singleBatch", true);
            PLUMB_TRY(time, timed(database_, command.finish()));
            times.push_back(time);
            ++read_;
        }
        out.round_trip = span_of(std::move(pings));
        const Span looks = time_of(out,
                                   {.round_trips = 1,
                                    .keys_read = 1,
                                    .docs_fetched = 1,
                                    .docs_returned = 1,
                                    .bytes_returned = average_bytes_});
        out.statement = beyond(span_of(std::move(times)), looks);
        return {};
    }

    Status read_costs(Costs& out) {
        bson::Builder least;
        least.append("_id", bson::ValueView{bson::Type::MinKey, nullptr, 0});
        least_ = bson::Value{least.finish().find("_id")};
        const std::int64_t documents = std::min(documents_, options_.documents_max);
        PLUMB_TRY(scan, slope(Read::Scan, documents));
        PLUMB_TRY(keys, slope(Read::Keys, documents));
        PLUMB_TRY(fetch, slope(Read::Fetch, documents));
        out.document_scanned = scan;
        out.key_read = keys;
        out.document_fetched = beyond(fetch, keys);
        const auto returned = std::clamp<std::int64_t>(
            static_cast<std::int64_t>(static_cast<double>(kReturnedBytesMax) /
                                      std::max(average_bytes_, 1.0)),
            kDocumentsMin / 2,
            std::min(documents_, kReturnedMax));
        PLUMB_TRY(ids, slope(Read::ReturnIds, returned));
        PLUMB_TRY(whole, slope(Read::ReturnWhole, returned));
        const Span bytes = beyond(whole, ids);
        out.byte_returned = {
            bytes.value / average_bytes_, bytes.low / average_bytes_, bytes.high / average_bytes_};
        out.document_returned = beyond(ids, scan);
        return statement_cost(out);
    }

    client::Client& client_;
    std::string_view database_;
    const ProbeOptions& options_;
    const Clock& clock_;
    Interrupt& interrupt_;
    std::string collection_;
    std::int64_t documents_ = 0;
    double average_bytes_ = 500;
    bson::Value least_;
    std::int64_t read_ = 0;
};

}  // namespace

Result<Costs> probe(client::Client& client,
                    std::string_view database,
                    const ProbeOptions& options,
                    const Clock& clock,
                    Interrupt& interrupt) {
    return Prober{client, database, options, clock, interrupt}.run();
}

}  // namespace plumb::calibrate
