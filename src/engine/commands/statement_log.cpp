// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/statement_log.h"

#include "engine/commands/service_state.h"
#include "engine/commands/slow_log.h"

namespace plumb::commands {

namespace {

exec::OperationStatistics difference(const exec::OperationStatistics& after,
                                     const exec::OperationStatistics& before) {
    exec::OperationStatistics out = after;
    out.keys_examined -= before.keys_examined;
    out.docs_examined -= before.docs_examined;
    out.documents_returned -= before.documents_returned;
    out.keys_inserted -= before.keys_inserted;
    out.keys_deleted -= before.keys_deleted;
    out.documents_inserted -= before.documents_inserted;
    out.documents_updated -= before.documents_updated;
    out.documents_deleted -= before.documents_deleted;
    out.write_conflicts -= before.write_conflicts;
    return out;
}

}  // namespace

StatementLog::StatementLog(CommandContext& context, std::string_view type, bson::View statement)
    : context_(context),
      type_(type),
      statement_(statement),
      begun_(context.service.clock.monotonic()),
      before_(context.operation.statistics) {
    // Each statement has a plan of its own.
    context.operation.statistics.plan_summary.clear();
}

StatementLog::~StatementLog() {
    const std::chrono::nanoseconds duration = context_.service.clock.monotonic() - begun_;
    if (duration < std::chrono::milliseconds{context_.service.settings.slow_ms.load()}) {
        return;
    }
    const exec::OperationStatistics statistics = difference(context_.operation.statistics, before_);
    const bson::Document shown = shown_command(statement_);
    log_if_slow(context_.service,
                {.type = type_,
                 .ns = context_.running.ns,
                 .command = shown,
                 .connection_id = context_.client.connection_id,
                 .statistics = statistics,
                 .duration = std::chrono::duration_cast<std::chrono::microseconds>(duration)});
}

}  // namespace plumb::commands
