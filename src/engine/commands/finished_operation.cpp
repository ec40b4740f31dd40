// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/finished_operation.h"

#include "engine/commands/secret_fields.h"

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::commands {

namespace {

constexpr std::uint32_t kShownBytesMax = 10 * 1024;  // MongoDB cuts a log line there
constexpr std::size_t kShownFieldBytesMax = 2 * 1024;
constexpr auto kNotShown = std::to_array<std::string_view>({"deletes", "documents", "updates"});

bool contains(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

// As MongoDB's appendNumber: 32 bits where they suffice.
void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number > std::numeric_limits<std::int32_t>::max()) {
        out.append(name, number);
    } else {
        out.append(name, static_cast<std::int32_t>(number));
    }
}

void append_if(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number != 0) {
        append_number(out, name, number);
    }
}

void append_if(bson::Builder& out, std::string_view name, bool flag) {
    if (flag) {
        out.append(name, true);
    }
}

bool is_command(std::string_view name, std::string_view lower, std::string_view camel) {
    return name == lower || name == camel;
}

void append_written(const FinishedOperation& operation,
                    const FieldGroups& groups,
                    bson::Builder& out) {
    const exec::OperationStatistics& statistics = operation.statistics;
    if (groups.updated) {
        append_number(out, "nMatched", statistics.documents_matched);
        append_number(out, "nModified", statistics.documents_updated);
    }
    if (groups.inserted) {
        append_number(out, "ninserted", statistics.documents_inserted);
    }
    if (groups.deleted) {
        append_number(out, "ndeleted", statistics.documents_deleted);
    }
    append_if(out, "upsert", statistics.upserted);
    append_if(out, "cursorExhausted", groups.cursor && statistics.cursor_exhausted);
    append_if(out, "keysInserted", statistics.keys_inserted);
    append_if(out, "keysDeleted", statistics.keys_deleted);
    append_if(out, "writeConflicts", statistics.write_conflicts);
}

}  // namespace

std::string_view command_name(bson::View command) {
    return command.empty() ? std::string_view{} : command.front().name;
}

bson::Document shown_command(bson::View command) {
    const bool cut = command.byte_size() > kShownBytesMax;
    bson::Builder out;
    for (const bson::Element& field : command) {
        if (contains(kNotShown, field.name)) {
            continue;
        }
        if (is_secret(command_name(command), field.name)) {
            out.append(field.name, kHidden);
        } else if (cut && field.value.raw().size() > kShownFieldBytesMax) {
            out.append(field.name, "…");
        } else {
            out.append(field.name, field.value);
        }
    }
    return out.finish();
}

FieldGroups field_groups(const FinishedOperation& operation) {
    const exec::OperationStatistics& statistics = operation.statistics;
    const std::string_view name = command_name(operation.command);
    const bool modifies = is_command(name, "findandmodify", "findAndModify");
    const bool removes = modifies && operation.command.find("update").missing();
    // A pipeline's plan is only the front of it: MongoDB shows no tree there.
    const bool pipeline = name == "aggregate" || command_name(operation.originating) == "aggregate";
    return {.examined = !statistics.plan_summary.empty(),
            .cursor = statistics.cursor_id != 0 || statistics.cursor_exhausted,
            .updated = operation.kind == "update" || (modifies && !removes),
            .inserted = operation.kind == "insert",
            .deleted = operation.kind == "remove" || removes,
            .tree = !statistics.execution_stats.empty() && !pipeline};
}

void append_counts(const FinishedOperation& operation,
                   std::string_view yields,
                   bson::Builder& out) {
    const exec::OperationStatistics& statistics = operation.statistics;
    const FieldGroups groups = field_groups(operation);
    if (statistics.cursor_id != 0) {
        out.append("cursorid", statistics.cursor_id);
    }
    if (groups.examined) {
        append_number(out, "keysExamined", statistics.keys_examined);
        append_number(out, "docsExamined", statistics.docs_examined);
    }
    append_if(out, "hasSortStage", statistics.has_sort_stage);
    append_if(out, "usedDisk", statistics.used_disk);
    append_if(out, "fromMultiPlanner", statistics.from_multi_planner);
    append_if(out, "replanned", statistics.replanned);
    append_written(operation, groups, out);
    out.append(yields, 0);
    if (groups.cursor) {
        append_number(out, "nreturned", statistics.documents_returned);
    }
    if (!statistics.query_hash.empty()) {
        out.append("queryHash", statistics.query_hash);
        out.append("planCacheKey", statistics.plan_cache_key);
    }
}

void append_error(const FinishedOperation& operation, bson::Builder& out) {
    if (operation.error == nullptr) {
        return;
    }
    out.append("ok", 0.0);
    out.append("errMsg", operation.error->message());
    out.append("errName", error_code_name(operation.error->code()));
    out.append("errCode", static_cast<std::int32_t>(operation.error->code()));
}

void append_locks(const FinishedOperation& operation, bson::Builder& out) {
    const FieldGroups groups = field_groups(operation);
    const bool writes = groups.updated || groups.inserted || groups.deleted;
    out.begin_document("locks");
    if (writes || groups.examined) {
        out.begin_document("Collection").begin_document("acquireCount");
        out.append(writes ? "w" : "r", std::int64_t{1});
        out.end().end();
    }
    out.end();
}

}  // namespace plumb::commands
