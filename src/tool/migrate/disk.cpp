// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/disk.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/deployment/command_parts.h"
#include "tool/migrate/index/forecast.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

// With so many times the data free, no migration fills the disk: nothing else is looked at.
constexpr std::int64_t kAmple = 3;
constexpr std::int64_t kJournalBytesADocument = 96;

std::int64_t number_in(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

std::int64_t free_in(bson::View stats) {
    return number_in(stats, "fsTotalSize") - number_in(stats, "fsUsedSize");
}

Result<std::int64_t> bytes_of_indexes(const Deployment& deployment,
                                      const project::Operation& operation) {
    const auto& wanted = std::get<project::CreateIndexes>(operation.body).indexes;
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, operation.collection));
    DatabaseFacts facts{deployment};
    PLUMB_TRY(
        forecast,
        forecast_build(facts, operation.collection, to_create(plan_indexes(wanted, existing))));
    std::int64_t out = 0;
    for (const IndexForecast& each : forecast.indexes) {
        out += each.bytes_high;
    }
    return out;
}

Result<std::int64_t> bytes_of_copies(const Deployment& deployment,
                                     const std::string& collection,
                                     bson::View filter) {
    DatabaseFacts facts{deployment};
    PLUMB_TRY(size, facts.size(collection));
    PLUMB_TRY(documents, count_documents(deployment, collection, filter));
    return size.documents == 0 ? 0 : size.bytes / size.documents * documents;
}

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{} MB", bytes >> 20U);
}

}  // namespace

Result<std::optional<std::int64_t>> free_disk(const Deployment& deployment) {
    PLUMB_TRY(stats, deployment.client.command(deployment.database, document_of("dbStats", 1)));
    if (!stats.has("fsTotalSize")) {
        return std::optional<std::int64_t>{};
    }
    return std::optional<std::int64_t>{free_in(stats)};
}

Result<std::int64_t> bytes_written(const Deployment& deployment,
                                   const project::Operation& operation) {
    if (std::holds_alternative<project::CreateIndexes>(operation.body)) {
        return bytes_of_indexes(deployment, operation);
    }
    if (const auto* removal = std::get_if<project::Delete>(&operation.body)) {
        return bytes_of_copies(deployment, operation.collection, removal->filter);
    }
    if (const auto* transform = std::get_if<project::Transform>(&operation.body)) {
        return bytes_of_copies(deployment, operation.collection, transform->filter);
    }
    if (operation.kind == "remove_field") {
        return bytes_of_copies(deployment, operation.collection, bson::View{});
    }
    const bool keeps_fields = operation.kind == "add_field" || operation.kind == "copy_field" ||
                              operation.kind == "rename_field" || operation.kind == "link";
    if (!keeps_fields) {
        return 0;
    }
    PLUMB_TRY(documents, count_documents(deployment, operation.collection, bson::View{}));
    return documents * kJournalBytesADocument;
}

Result<std::vector<Problem>> check_disk(const Deployment& deployment,
                                        const std::vector<const project::Operation*>& operations) {
    std::vector<Problem> out;
    const auto stats = deployment.client.command(deployment.database, document_of("dbStats", 1));
    // Who may not read it is not held up by it.
    if (!stats.ok() || !stats->has("fsTotalSize")) {
        return out;
    }
    const std::int64_t free = free_in(*stats);
    if (free - kDiskReserve >= kAmple * number_in(*stats, "dataSize")) {
        return out;
    }
    std::int64_t needed = 0;
    for (const project::Operation* operation : operations) {
        PLUMB_TRY(bytes, bytes_written(deployment, *operation));
        needed += bytes;
    }
    if (needed + kDiskReserve > free) {
        Problem problem;
        problem.code = "disk";
        problem.text = fmt::format(
            "this will write about {}, and the server's disk has {} left of "
            "which {} should stay free",
            megabytes(needed),
            megabytes(free),
            megabytes(kDiskReserve));
        bson::Builder details;
        details.append("needed", needed).append("free", free);
        problem.details = details.finish();
        out.push_back(std::move(problem));
    }
    return out;
}

}  // namespace plumb::migrate
