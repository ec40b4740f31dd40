// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_status.h"

#include "engine/commands/replica_set.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"

namespace plumb::commands {

Status append_session_status(const ServiceState& service, bson::Builder& reply) {
    const TransactionCounts counts = service.sessions->counts();
    reply.append("activeSessionsCount", static_cast<std::int32_t>(counts.sessions));
    reply.append("sessionCatalogSize", static_cast<std::int32_t>(counts.sessions));
    return {};
}

Status append_transaction_status(const ServiceState& service, bson::Builder& reply) {
    const TransactionCounts counts = service.sessions->counts();
    reply.append("retriedCommandsCount", counts.retried_commands);
    reply.append("retriedStatementsCount", counts.retried_statements);
    reply.append("transactionsCollectionWriteCount", counts.record_writes);
    reply.append("currentActive", counts.active);
    reply.append("currentInactive", counts.open - counts.active);
    reply.append("currentOpen", counts.open);
    reply.append("totalAborted", counts.aborted);
    reply.append("totalCommitted", counts.committed);
    reply.append("totalStarted", counts.started);
    return {};
}

Status append_repl_status(const ServiceState& service, bson::Builder& reply) {
    if (is_replica_set(service)) {
        append_member(service, "ismaster", reply);
        reply.append("rbid", 1);
    }
    return {};
}

}  // namespace plumb::commands
