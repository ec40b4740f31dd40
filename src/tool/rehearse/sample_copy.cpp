// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/sample_copy.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "tool/copy/id_range.h"
#include "tool/copy/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace plumb::rehearse {
namespace {

constexpr std::size_t kBatchDocuments = 1000;
constexpr std::size_t kBatchBytes = 8U << 20U;  // far below the 48 MB of a message
constexpr std::int64_t kShowEvery = 1024;

struct Job {
    client::Client& source;
    client::Client& target;
    const Sampling& sampling;
    Interrupt& interrupt;
    const copy::Progress& progress;
};

struct Chosen {
    std::uint64_t rank = 0;
    bson::Value id;
    bool operator<(const Chosen& other) const { return rank < other.rank; }
};

bson::Document id_only() {
    return bson::Builder{}.append("_id", 1).finish();
}

// The `wanted` ids whose hashes are lowest, in the order of the index.
Result<std::vector<bson::Value>> choose_ids(const Job& job,
                                            const std::string& collection,
                                            std::size_t wanted,
                                            std::int64_t total) {
    std::vector<Chosen> heap;
    client::FindOptions options;
    options.projection = id_only();
    options.hint = bson::Value{id_only().view().as_value()};
    std::int64_t seen = 0;
    const auto offer = [&](bson::View row) -> Status {
        if (seen++ % kShowEvery == 0) {
            PLUMB_CHECK(job.interrupt.check_now());
            job.progress(fmt::format("{}: choosing", collection), seen, total);
        }
        const bson::ValueView id = row.find("_id");
        const std::uint64_t rank = bson::hash_bytes(id.raw(), job.sampling.seed);
        if (heap.size() < wanted) {
            heap.push_back({rank, bson::Value{id}});
            std::push_heap(heap.begin(), heap.end());
        } else if (rank < heap.front().rank) {
            std::pop_heap(heap.begin(), heap.end());
            heap.back() = {rank, bson::Value{id}};
            std::push_heap(heap.begin(), heap.end());
        }
        return {};
    };
    PLUMB_CHECK(job.source.find(job.sampling.database, collection, bson::View{}, options, offer));
    std::vector<bson::Value> out;
    out.reserve(heap.size());
    for (Chosen& each : heap) {
        out.push_back(std::move(each.id));
    }
    std::sort(out.begin(), out.end(), [](const bson::Value& a, const bson::Value& b) {
        return bson::compare(a.view(), b.view()) < 0;
    });
    return out;
}

// Writes what is added, in messages of many documents.
class Batch {
  public:
    Batch(const Job& job, const std::string& collection, CollectionLine& line, std::int64_t total)
        : job_(job), collection_(collection), line_(line), total_(total) {}

    [[nodiscard]] Status add(bson::View document) {
        documents_.push(document);
        bytes_ += document.byte_size();
        contents_.add(document);
        return ++count_ >= kBatchDocuments || bytes_ >= kBatchBytes ? send() : Status{};
    }

    [[nodiscard]] Status send() {
        if (count_ == 0) {
            return {};
        }
        PLUMB_CHECK(job_.interrupt.check_now());
        bson::Builder command;
        command.append("insert", collection_);
        command.append("documents", documents_.finish_array());
        command.append("ordered", true);
        // There may be documents older than the validator.
        command.append("bypassDocumentValidation", true);
        documents_ = {};
        line_.copied += static_cast<std::int64_t>(std::exchange(count_, 0));
        bytes_ = 0;
        PLUMB_CHECK(job_.target.command(job_.sampling.database, command.finish()));
        job_.progress(collection_, line_.copied, total_);
        return {};
    }
    [[nodiscard]] std::string hash() const { return contents_.hash_text(); }

  private:
    const Job& job_;
    const std::string& collection_;
    CollectionLine& line_;
    std::int64_t total_;
    bson::Builder documents_;
    copy::Contents contents_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

Status copy_chosen(const Job& job,
                   const std::string& collection,
                   const std::vector<bson::Value>& ids,
                   Batch& batch) {
    client::FindOptions options;
    options.sort = id_only();
    for (std::size_t first = 0; first < ids.size(); first += kBatchDocuments) {
        bson::Builder filter;
        filter.begin_document("_id").begin_array("$in");
        for (std::size_t at = first; at < std::min(ids.size(), first + kBatchDocuments); ++at) {
            filter.push(ids[at]);
        }
        filter.end().end();
        PLUMB_CHECK(job.source.find(
            job.sampling.database,
            collection,
            filter.finish(),
            options,
            [&batch](bson::View document) -> Status { return batch.add(document); }));
    }
    return {};
}

Status copy_by_server_sample(const Job& job,
                             const std::string& collection,
                             std::int64_t wanted,
                             Batch& batch) {
    bson::Builder stage;
    stage.begin_document("$sample").append("size", wanted).end();
    return job.source.aggregate(
        job.sampling.database,
        collection,
        {stage.finish()},
        [&batch](bson::View document) -> Status { return batch.add(document); });
}

Status copy_documents(const Job& job, const copy::Definition& definition, CollectionLine& line) {
    const auto wanted = std::max(kWholeMax,
                                 static_cast<std::int64_t>(std::llround(
                                     job.sampling.share * static_cast<double>(line.documents))));
    const bool whole = wanted >= line.documents || definition.capped;
    Batch batch{job, definition.name, line, whole ? line.documents : wanted};
    if (whole) {
        line.how = definition.capped ? "whole, as it is capped" : "whole, as it is small";
        PLUMB_CHECK(copy::read_range(
            job.source,
            {job.sampling.database, definition.name, {}, definition.capped},
            job.interrupt,
            [&batch](bson::View document) -> Status { return batch.add(document); }));
    } else if (line.documents > kWalkedMax) {
        line.how =
            fmt::format("a random {:.2g} % by $sample",
                        100.0 * static_cast<double>(wanted) / static_cast<double>(line.documents));
        PLUMB_CHECK(copy_by_server_sample(job, definition.name, wanted, batch));
    } else {
        line.how =
            fmt::format("a random {:.2g} %, by a hash of _id",
                        100.0 * static_cast<double>(wanted) / static_cast<double>(line.documents));
        PLUMB_TRY(
            ids,
            choose_ids(job, definition.name, static_cast<std::size_t>(wanted), line.documents));
        PLUMB_CHECK(copy_chosen(job, definition.name, ids, batch));
    }
    PLUMB_CHECK(batch.send());
    line.hash = batch.hash();
    return {};
}

// By the collection's own figures: nothing is scanned for it.
Status read_size(const Job& job, const std::string& collection, CollectionLine& line) {
    const auto stats = job.source.command(job.sampling.database,
                                          bson::Builder{}.append("collStats", collection).finish());
    if (stats.ok() && stats->find("count").is_number() && stats->find("size").is_number()) {
        line.documents = bson::to_clamped_int64(stats->find("count"));
        line.bytes = bson::to_clamped_int64(stats->find("size"));
        return {};
    }
    PLUMB_TRY(documents, copy::count_documents(job.source, job.sampling.database, collection));
    line.documents = documents;
    return {};
}

Status copy_collection(const Job& job, const copy::Definition& definition, CollectionLine& line) {
    const std::string& database = job.sampling.database;
    PLUMB_CHECK(job.target.command(database, copy::create_command(definition)));
    if (definition.is_view) {
        line.how = "view";
        return {};
    }
    PLUMB_CHECK(read_size(job, definition.name, line));
    PLUMB_CHECK(copy_documents(job, definition, line));
    PLUMB_TRY(wanted, job.source.list_indexes(database, definition.name));
    PLUMB_TRY(there, job.target.list_indexes(database, definition.name));
    const bson::Document command = copy::indexes_command(definition.name, wanted, there);
    if (!command.empty()) {
        job.progress(fmt::format("{}: indexes", definition.name), 0, 0);
        PLUMB_CHECK(job.target.command(database, command));
    }
    return {};
}

}  // namespace

Result<std::vector<CollectionLine>> copy_sample(client::Client& source,
                                                client::Client& target,
                                                const Sampling& sampling,
                                                Interrupt& interrupt,
                                                const copy::Progress& progress) {
    const Job job{source, target, sampling, interrupt, progress};
    PLUMB_TRY(definitions, copy::read_definitions(source, sampling.database));
    if (definitions.empty()) {
        return fail(
            ErrorCode::NamespaceNotFound,
            fmt::format("{} has no collection in {}", source.redacted_url(), sampling.database));
    }
    // Views last: what they look at must be there.
    std::stable_partition(
        definitions.begin(), definitions.end(), [](const auto& each) { return !each.is_view; });
    std::vector<CollectionLine> out;
    for (const copy::Definition& definition : definitions) {
        PLUMB_CHECK(interrupt.check_now());
        CollectionLine line;
        line.name = definition.name;
        PLUMB_CHECK(copy_collection(job, definition, line).context("copying " + definition.name));
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace plumb::rehearse
