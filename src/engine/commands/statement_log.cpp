// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/statement_log.h"

#include "engine/commands/operation_end.h"

namespace plumb::commands {

namespace {

// The counts since `before`; what is no count is the statement's own already.
exec::OperationStatistics difference(const exec::OperationStatistics& after,
                                     const StatementLog::Counts& before) {
    exec::OperationStatistics out = after;
    out.keys_examined -= before.keys_examined;
    out.docs_examined -= before.docs_examined;
    out.keys_inserted -= before.keys_inserted;
    out.keys_deleted -= before.keys_deleted;
    out.documents_updated -= before.documents_updated;
    out.documents_matched -= before.documents_matched;
    out.documents_deleted -= before.documents_deleted;
    out.write_conflicts -= before.write_conflicts;
    return out;
}

StatementLog::Counts counts_of(const exec::OperationStatistics& statistics) {
    return {.keys_examined = statistics.keys_examined,
            .docs_examined = statistics.docs_examined,
            .keys_inserted = statistics.keys_inserted,
            .keys_deleted = statistics.keys_deleted,
            .documents_updated = statistics.documents_updated,
            .documents_matched = statistics.documents_matched,
            .documents_deleted = statistics.documents_deleted,
            .write_conflicts = statistics.write_conflicts};
}

// Each statement has a plan of its own.
void begin_statement(exec::OperationStatistics& statistics) {
    statistics.plan_summary.clear();
    statistics.query_hash.clear();
    statistics.plan_cache_key.clear();
    statistics.execution_stats = {};
    statistics.from_multi_planner = false;
    statistics.replanned = false;
    statistics.upserted = false;
}

}  // namespace

StatementLog::StatementLog(CommandContext& context, std::string_view type, bson::View statement)
    : context_(context),
      type_(type),
      statement_(statement),
      begun_(context.service.clock.monotonic()),
      before_(counts_of(context.operation.statistics)) {
    begin_statement(context.operation.statistics);
}

StatementLog::~StatementLog() {
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(
        context_.service.clock.monotonic() - begun_);
    if (is_of_interest(context_.service, context_.database(), duration)) {
        statement_ended(context_,
                        type_,
                        statement_,
                        {.statistics = difference(context_.operation.statistics, before_),
                         .duration = duration,
                         .error = error_ ? &*error_ : nullptr});
    }
}

}  // namespace plumb::commands
