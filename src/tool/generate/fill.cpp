// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/fill.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "tool/generate/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

namespace plumb::generate {
namespace {

constexpr std::uint64_t kBatchDocuments = 1000;

// What the writing threads share.
struct Work {
    const World& world;
    const FillRequest& request;
    Interrupt& interrupt;
    const OnProgress& on_progress;
    std::vector<Collection> queue{};  // largest first
    std::int64_t total = 0;
    std::atomic<std::size_t> next{0};
    std::atomic<std::int64_t> done{0};
    std::atomic<bool> stop{false};
    std::array<std::atomic<std::int64_t>, kCollections> bytes{};
    std::mutex mutex{};
    std::optional<Error> error{};  // the first one; guarded by mutex
};

Status refuse_or_drop(client::Client& client, const FillRequest& request) {
    std::string occupied;
    for (const CollectionRow& row : kSchema) {
        if (request.drop) {
            bson::Builder drop;
            drop.append("drop", row.name);
            const auto dropped = client.command(request.database, drop.finish());
            if (!dropped.ok() && dropped.error().code() != ErrorCode::NamespaceNotFound) {
                return Error{dropped.error()};
            }
            continue;
        }
        PLUMB_TRY(first, client.find_one(request.database, row.name, bson::View{}));
        if (first.has_value()) {
            occupied += occupied.empty() ? "" : ", ";
            occupied += row.name;
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

Status write_collection(Work& work, client::Client& client, Collection collection) {
    const std::uint64_t count = work.world.count(collection);
    const std::string_view name = row_of(collection).name;
    bson::Builder builder;
    std::vector<std::string> documents(kBatchDocuments);
    std::vector<bson::View> views;
    for (std::uint64_t first = 0; first < count; first += kBatchDocuments) {
        if (work.stop || work.interrupt.killed()) {
            return fail(ErrorCode::Interrupted, "stopped");
        }
        const std::uint64_t end = std::min(count, first + kBatchDocuments);
        std::int64_t bytes = 0;
        views.clear();
        for (std::uint64_t place = first; place < end; ++place) {
            const bson::View made = make_document(work.world, collection, place, builder);
            std::string& kept = documents[place - first];
            kept.assign(made.raw());
            bytes += static_cast<std::int64_t>(kept.size());
            views.emplace_back(std::string_view{kept});
        }
        PLUMB_CHECK(client.insert(work.request.database, name, views).context(name));
        work.bytes[static_cast<std::size_t>(collection)] += bytes;
        work.done += static_cast<std::int64_t>(end - first);
        work.on_progress(work.done, work.total);
    }
    return {};
}

void write_all(Work& work, client::Client& client) {
    while (!work.stop) {
        const std::size_t mine = work.next++;
        if (mine >= work.queue.size()) {
            return;
        }
        auto written = write_collection(work, client, work.queue[mine]);
        if (!written.ok()) {
            const std::lock_guard lock{work.mutex};
            if (!work.error.has_value()) {
                work.error = std::move(written).error();
            }
            work.stop = true;
        }
    }
}

FillSummary summarise(const Work& work) {
    FillSummary out;
    for (std::size_t index = 0; index < kCollections; ++index) {
        const auto collection = static_cast<Collection>(index);
        FilledCollection row;
        row.name = row_of(collection).name;
        row.documents = static_cast<std::int64_t>(work.world.count(collection));
        row.bytes = work.bytes[index];
        out.documents += row.documents;
        out.bytes += row.bytes;
        out.collections.push_back(std::move(row));
    }
    return out;
}

void append_finding(bson::Builder& line, const ExpectedFinding& finding) {
    line.append("kind", finding.finding);
    line.append("collection", row_of(finding.collection).name);
    line.append("id", finding.id);
    line.append("field", finding.field);
    if (!finding.with.empty()) {
        line.begin_array("with");
        for (const std::string& id : finding.with) {
            line.push(id);
        }
        line.end();
    }
}

}  // namespace

Result<std::int64_t> write_faults(const World& world, const std::filesystem::path& path) {
    std::error_code ignored;
    if (path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path(), ignored);
    }
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    std::int64_t lines = 0;
    bson::Builder line;
    for (std::size_t index = 0; index < kCollections; ++index) {
        const auto collection = static_cast<Collection>(index);
        for (std::uint64_t place = 0; place < world.count(collection); ++place) {
            for (const ExpectedFinding& finding : expected_findings(world, collection, place)) {
                append_finding(line, finding);
                file << bson::to_json(line.finish_view()) << '\n';
                line.clear();
                ++lines;
            }
        }
    }
    file.close();
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", path.string()));
    }
    return lines;
}

Result<FillSummary> fill(const FillRequest& request,
                         const std::vector<client::Client*>& clients,
                         Interrupt& interrupt,
                         const OnProgress& on_progress) {
    PLUMB_CHECK(refuse_or_drop(*clients.front(), request));
    const World world{request.world};
    Work work{world, request, interrupt, on_progress};
    work.queue.resize(kCollections);
    for (std::size_t index = 0; index < kCollections; ++index) {
        work.queue[index] = static_cast<Collection>(index);
        work.total += static_cast<std::int64_t>(world.count(work.queue[index]));
    }
    std::stable_sort(work.queue.begin(), work.queue.end(), [&world](Collection a, Collection b) {
        return world.count(a) > world.count(b);
    });
    {
        std::vector<std::jthread> threads;
        for (std::size_t index = 1; index < std::min<std::size_t>(clients.size(), 2); ++index) {
            threads.emplace_back([&work, client = clients[index]] { write_all(work, *client); });
        }
        write_all(work, *clients.front());
    }
    if (interrupt.killed()) {
        return fail(ErrorCode::Interrupted,
                    fmt::format("stopped after {} of {} documents; database {} holds a part of the "
                                "shop: run again with --drop to replace it",
                                work.done.load(),
                                work.total,
                                request.database));
    }
    if (work.error.has_value()) {
        return *std::move(work.error);
    }
    FillSummary summary = summarise(work);
    if (!request.faults_file.empty()) {
        PLUMB_TRY(planted, write_faults(world, request.faults_file));
        summary.planted = planted;
    }
    return summary;
}

}  // namespace plumb::generate
