// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/slow_log.h"

#include "bson/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr std::int32_t kSlowQueryId = 51803;         // MongoDB's id of this message
constexpr std::uint32_t kShownBytesMax = 10 * 1024;  // MongoDB cuts a log line there
constexpr std::size_t kShownFieldBytesMax = 2 * 1024;
constexpr auto kNotShown = std::to_array<std::string_view>({"deletes", "documents", "updates"});

void append_if(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number != 0) {
        out.append(name, number);
    }
}

bson::Document attributes_of(const SlowOperation& operation) {
    const exec::OperationStatistics& statistics = operation.statistics;
    bson::Builder out;
    out.append("type", operation.type);
    out.append("ns", operation.ns);
    out.append("command", operation.command);
    if (!statistics.plan_summary.empty()) {
        out.append("planSummary", statistics.plan_summary);
        out.append("keysExamined", statistics.keys_examined);
        out.append("docsExamined", statistics.docs_examined);
    }
    if (statistics.has_sort_stage) {
        out.append("hasSortStage", true);
    }
    append_if(out, "nModified", statistics.documents_updated);
    append_if(out, "ninserted", statistics.documents_inserted);
    append_if(out, "ndeleted", statistics.documents_deleted);
    append_if(out, "keysInserted", statistics.keys_inserted);
    append_if(out, "keysDeleted", statistics.keys_deleted);
    append_if(out, "writeConflicts", statistics.write_conflicts);
    out.append("numYields", 0);
    append_if(out, "nreturned", statistics.documents_returned);
    if (operation.error != nullptr) {
        out.append("ok", 0);
        out.append("errMsg", operation.error->message());
        out.append("errName", error_code_name(operation.error->code()));
        out.append("errCode", static_cast<std::int32_t>(operation.error->code()));
    }
    append_if(out, "reslen", operation.reply_bytes);
    out.begin_document("locks").end();
    if (operation.type == "command") {
        out.append("protocol", "op_msg");
    }
    out.append("durationMillis", operation.duration.count() / 1000);
    return out.finish();
}

}  // namespace

bson::Document shown_command(bson::View command) {
    const bool cut = command.byte_size() > kShownBytesMax;
    bson::Builder out;
    for (const bson::Element& field : command) {
        if (std::ranges::find(kNotShown, field.name) != kNotShown.end()) {
            continue;
        }
        if (cut && field.value.raw().size() > kShownFieldBytesMax) {
            out.append(field.name, "…");
            continue;
        }
        out.append(field.name, field.value);
    }
    return out.finish();
}

void log_if_slow(ServiceState& service, const SlowOperation& operation) {
    const std::chrono::milliseconds limit{service.settings.slow_ms.load(std::memory_order_relaxed)};
    if (operation.duration < limit || limit.count() < 0) {
        return;
    }
    LogLine line;
    line.time = service.clock.now();
    line.component = operation.type == "command" ? "COMMAND" : "WRITE";
    line.id = kSlowQueryId;
    const std::string context = fmt::format("conn{}", operation.connection_id);
    line.context = context;
    line.message = "Slow query";
    const bson::Document attributes = attributes_of(operation);
    line.attributes = attributes;
    service.log(line);
}

}  // namespace plumb::commands
