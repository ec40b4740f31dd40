// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/exec/pipeline_host.h"
#include "engine/exec/plan_cache.h"
#include "engine/storage/capped.h"
#include "engine/storage/collection.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::exec {
namespace {

using Rows = Result<std::vector<bson::Document>>;

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string{name.data()} : "localhost";
}

// MongoDB gives a small count as an Int32.
void append_count(bson::Builder& out, std::string_view name, std::int64_t count) {
    if (count > std::numeric_limits<std::int32_t>::max()) {
        out.append(name, count);
    } else {
        out.append(name, static_cast<std::int32_t>(count));
    }
}

Rows index_stats(Operation& operation, const std::string& ns, bson::View /*options*/) {
    std::vector<bson::Document> out;
    const std::optional<storage::Collection> collection = operation.engine.collection(ns);
    if (!collection) {
        return out;
    }
    const std::string host = host_name();
    for (const auto& index : collection->state().indexes) {
        const IndexUsage::Accesses accesses =
            operation.plan_cache.index_usage().of(collection->state(), *index, operation.clock);
        bson::Builder row;
        row.append("name", index->spec.name);
        row.append("key", index->spec.key);
        row.append("host", host);
        row.begin_document("accesses");
        row.append("ops", accesses.operations);
        row.append("since", accesses.since);
        row.end();
        out.push_back(row.finish());
    }
    return out;
}

void append_capped_limits(const storage::CollectionState& state, bson::Builder& row) {
    const bson::ValueView max = state.options.find("max");
    append_count(row, "max", max.is_number() ? bson::to_clamped_int64(max) : -1);
    append_count(row, "maxSize", storage::capped_bytes(state));
    row.append("sleepCount", 0);
    row.append("sleepMS", 0);
}

Status append_storage_stats(Operation& operation,
                            const storage::Collection& collection,
                            bson::Builder& row) {
    const storage::CollectionState& state = collection.state();
    const std::int64_t count = collection.document_count();
    PLUMB_TRY(record_sizes, operation.engine.record_table_sizes(state));
    row.begin_document("storageStats");
    append_count(row, "size", collection.data_bytes());
    append_count(row, "count", count);
    if (count > 0) {
        append_count(row, "avgObjSize", collection.data_bytes() / count);
    }
    append_count(row, "storageSize", record_sizes.file_bytes);
    row.append("capped", state.is_capped());
    if (state.is_capped()) {
        append_capped_limits(state, row);
    }
    row.append("nindexes", static_cast<std::int32_t>(state.indexes.size()));
    std::int64_t total = 0;
    row.begin_document("indexSizes");
    for (const auto& index : state.indexes) {
        PLUMB_TRY(sizes, operation.engine.index_table_sizes(*index));
        append_count(row, index->spec.name, sizes.file_bytes);
        total += sizes.file_bytes;
    }
    row.end();
    append_count(row, "totalIndexSize", total);
    row.append("scaleFactor", 1);
    row.end();
    return {};
}

Rows collection_stats(Operation& operation, const std::string& ns, bson::View options) {
    const std::optional<storage::Collection> collection = operation.engine.collection(ns);
    bson::Builder row;
    row.append("ns", ns);
    row.append("host", host_name());
    row.append("localTime", bson::Date{operation.clock.now().count()});
    if (options.has("storageStats") && collection) {
        PLUMB_CHECK(append_storage_stats(operation, *collection, row));
    }
    if (options.has("count")) {
        if (!collection) {
            return fail(ErrorCode::NamespaceNotFound, fmt::format("Collection [{}] not found", ns));
        }
        append_count(row, "count", collection->document_count());
    }
    return std::vector<bson::Document>{row.finish()};
}

Rows plan_cache_stats(Operation& operation, const std::string& ns, bson::View /*options*/) {
    std::vector<bson::Document> out;
    for (const PlanCache::Entry& entry : operation.plan_cache.entries(ns)) {
        bson::Builder row;
        row.begin_document("createdFromQuery");
        row.append("query", entry.query);
        row.append("sort", entry.sort);
        row.append("projection", entry.projection);
        row.end();
        row.append("queryHash", entry.query_hash);
        row.append("planCacheKey", entry.cache_key);
        row.append("isActive", entry.active);
        row.append("works", entry.works);
        row.append("cachedPlan", entry.cached_plan);
        row.append("timeOfCreation", entry.created);
        row.begin_array("creationExecStats");
        for (const bson::Document& statistics : entry.creation_statistics) {
            row.push(statistics);
        }
        row.end();
        row.begin_array("candidatePlanScores");
        for (const double score : entry.scores) {
            row.push(score);
        }
        row.end();
        row.append("indexFilterSet", false);
        out.push_back(row.finish());
    }
    return out;
}

Status check_current_op_options(bson::View options) {
    constexpr auto kKnown = std::to_array<std::string_view>({"allUsers",
                                                             "backtrace",
                                                             "idleConnections",
                                                             "idleCursors",
                                                             "idleSessions",
                                                             "localOps",
                                                             "truncateOps"});
    for (const bson::Element& option : options) {
        if (std::ranges::find(kKnown, option.name) == kKnown.end()) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("Unrecognized option '{}' in $currentOp stage.", option.name));
        }
        if (option.value.type() != bson::Type::Bool) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("The '{}' parameter of the $currentOp stage must be a boolean "
                                    "value, but found: {}",
                                    option.name,
                                    bson::type_name(option.value.type())));
        }
    }
    return {};
}

Rows current_operations(Operation& operation, const std::string& /*ns*/, bson::View options) {
    PLUMB_CHECK(check_current_op_options(options));
    if (operation.current_operations == nullptr) {
        return fail(ErrorCode::CommandNotSupported, "$currentOp is not available here");
    }
    return (*operation.current_operations)(options);
}

struct ReportRow {
    std::string_view stage;
    Rows (*report)(Operation&, const std::string&, bson::View);
};

constexpr auto kReports = std::to_array<ReportRow>({
    {"$collStats", collection_stats},
    {"$currentOp", current_operations},
    {"$indexStats", index_stats},
    {"$planCacheStats", plan_cache_stats},
});

}  // namespace

Rows report_rows(Operation& operation,
                 const std::string& ns,
                 std::string_view stage,
                 bson::View options) {
    for (const ReportRow& row : kReports) {
        if (row.stage == stage) {
            return row.report(operation, ns, options);
        }
    }
    return fail(ErrorCode::CommandNotSupported, fmt::format("plumbd has no {} stage", stage));
}

}  // namespace plumb::exec
