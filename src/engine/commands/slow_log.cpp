// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/slow_log.h"

#include "bson/builder.h"
#include "engine/commands/client_name.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

constexpr std::int32_t kSlowQueryId = 51803;  // MongoDB's id of this message

bson::Document attributes_of(const FinishedOperation& operation) {
    const exec::OperationStatistics& statistics = operation.statistics;
    bson::Builder out;
    // A line is about a command but for the statements of a batch.
    out.append("type", operation.is_statement ? operation.kind : std::string_view{"command"});
    out.append("ns", operation.ns);
    if (const std::string_view name = application_name(operation.client.metadata); !name.empty()) {
        out.append("appName", name);
    }
    out.append("command", shown_command(operation.command));
    if (!operation.originating.empty()) {
        out.append("originatingCommand", shown_command(operation.originating));
    }
    if (!statistics.plan_summary.empty()) {
        out.append("planSummary", statistics.plan_summary);
    }
    append_counts(operation, "numYields", out);
    append_error(operation, out);
    if (operation.reply_bytes != 0) {
        out.append("reslen", static_cast<std::int32_t>(operation.reply_bytes));
    }
    append_locks(operation, out);
    out.begin_document("storage").end();
    if (!operation.is_statement) {
        out.append("protocol", "op_msg");
    }
    out.append("durationMillis", static_cast<std::int32_t>(operation.duration.count() / 1000));
    return out.finish();
}

}  // namespace

void log_slow(ServiceState& service, const FinishedOperation& operation) {
    LogLine line;
    line.time = service.clock.now();
    line.component = operation.is_statement ? "WRITE" : "COMMAND";
    line.id = kSlowQueryId;
    const std::string context = fmt::format("conn{}", operation.client.connection_id);
    line.context = context;
    line.message = "Slow query";
    const bson::Document attributes = attributes_of(operation);
    line.attributes = attributes;
    service.log(line);
}

}  // namespace plumb::commands
