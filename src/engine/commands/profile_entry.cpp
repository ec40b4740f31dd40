// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/profile_entry.h"

#include "bson/json.h"
#include "engine/commands/client_name.h"

#include <string>

namespace plumb::commands {

namespace {

// MongoDB keeps entries small: the command up to 50 KB, the tree of stages up to 1 MB.
constexpr std::uint32_t kCommandBytesMax = 50 * 1024;
constexpr std::uint32_t kTreeBytesMax = 256 * 1024;

void append_command(std::string_view name, bson::View command, bson::Builder& out) {
    const bson::Document shown = shown_command(command);
    if (shown.view().byte_size() <= kCommandBytesMax) {
        out.append(name, shown);
        return;
    }
    std::string text = bson::to_json(shown);
    text.resize(std::min<std::size_t>(text.size(), kCommandBytesMax));
    out.begin_document(name).append("$truncated", text).end();
}

}  // namespace

bson::Document profile_entry(const FinishedOperation& operation, std::chrono::milliseconds now) {
    const exec::OperationStatistics& statistics = operation.statistics;
    bson::Builder out;
    out.append("op", operation.kind);
    out.append("ns", operation.ns);
    append_command("command", operation.command, out);
    if (!operation.originating.empty()) {
        append_command("originatingCommand", operation.originating, out);
    }
    append_counts(operation, "numYield", out);
    append_locks(operation, out);
    out.begin_document("flowControl").end();
    out.begin_document("storage").end();
    append_error(operation, out);
    if (!operation.is_statement) {
        out.append("responseLength", static_cast<std::int32_t>(operation.reply_bytes));
        out.append("protocol", "op_msg");
    }
    out.append("millis", static_cast<std::int32_t>(operation.duration.count() / 1000));
    if (!statistics.plan_summary.empty()) {
        out.append("planSummary", statistics.plan_summary);
    }
    if (field_groups(operation).tree &&
        statistics.execution_stats.view().byte_size() <= kTreeBytesMax) {
        out.append("execStats", statistics.execution_stats);
    }
    out.append("ts", bson::Date{now.count()});
    append_client_names(operation.client, out);
    return out.finish();
}

}  // namespace plumb::commands
