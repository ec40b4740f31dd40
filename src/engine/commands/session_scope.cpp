// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_scope.h"

#include "engine/commands/client_login.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"
#include "engine/commands/session_registry.h"
#include "engine/commands/transaction_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr auto kTransient = std::to_array<ErrorCode>({
    ErrorCode::LockTimeout,
    ErrorCode::WriteConflict,
    ErrorCode::SnapshotUnavailable,
    ErrorCode::NoSuchTransaction,
    ErrorCode::InterruptedAtShutdown,
});

Error with_transient_label(const Error& error) {
    bson::Builder details;
    if (!error.details().empty()) {
        details.append_all(bson::View{std::string_view{error.details()}});
    }
    details.begin_array("errorLabels");
    details.push("TransientTransactionError");
    details.end();
    return Error{error}.with_details(details.finish().bytes());
}

Status check_cluster_time(CommandContext& context) {
    ClusterTime& clock = context.service.sessions->cluster_time();
    PLUMB_CHECK(clock.receive(context.command));
    if (context.generic.after_cluster_time && *context.generic.after_cluster_time > clock.now()) {
        return fail(ErrorCode::InvalidOptions,
                    "readConcern afterClusterTime value must not be greater than the current "
                    "clusterTime");
    }
    return {};
}

// A write to a capped collection keeps others waiting until it is committed.
Status check_not_capped(const CommandContext& context) {
    const bson::ValueView name = context.command.front().value;
    if (name.type() != bson::Type::String) {
        return {};
    }
    const std::string ns = fmt::format("{}.{}", context.database(), name.as_string());
    const auto collection = context.service.engine.collection(ns);
    if (collection && collection->state().is_capped()) {
        return fail(ErrorCode::OperationNotSupportedInTransaction,
                    fmt::format("Collection '{}' is a capped collection. Writes in transactions "
                                "are not allowed on capped collections.",
                                ns));
    }
    return {};
}

// Nobody fills the registry from outside: with --auth the sessions of one who has not logged in yet
// are not noted.
bool may_have_sessions(const CommandContext& context) {
    return !context.service.options.require_login ||
           (context.client.login != nullptr && !context.client.login->users.empty());
}

bool is_commit(const CommandRow& row) {
    return row.name == "commitTransaction";
}

// A commit that the shutdown interrupted may have got through, so it is not for doing all again.
bool can_run_again(const CommandRow& row, ErrorCode code) {
    return is_transient_in_transaction(code) &&
           !(is_commit(row) && code == ErrorCode::InterruptedAtShutdown);
}

void append_write_concern_error(const Error& unsatisfied, bson::Builder& reply) {
    reply.begin_document("writeConcernError");
    reply.append("code", static_cast<std::int32_t>(unsatisfied.code()));
    reply.append("codeName", error_code_name(unsatisfied.code()));
    reply.append("errmsg", unsatisfied.message());
    reply.end();
}

}  // namespace

bool is_transient_in_transaction(ErrorCode code) {
    return std::ranges::find(kTransient, code) != kTransient.end();
}

SessionScope::SessionScope(CommandContext& context, const CommandRow& row)
    : context_(context), row_(row) {}

SessionScope::~SessionScope() {
    if (use_ != nullptr) {
        // Left by an exception.
        use_->abort();
    }
    context_.session = nullptr;
    context_.operation.transaction = nullptr;
}

Status SessionScope::enter() {
    const GenericFields& generic = context_.generic;
    if (!context_.service.options.replica_set.empty()) {
        PLUMB_CHECK(check_cluster_time(context_));
    }
    if (generic.session.empty() || !may_have_sessions(context_)) {
        return {};
    }
    SessionRegistry& sessions = *context_.service.sessions;
    PLUMB_TRY(id, session_id(generic.session));
    PLUMB_CHECK(sessions.touch(id));
    if (!generic.txn_number) {
        return {};
    }
    if (generic.in_transaction && row_.retryable) {
        PLUMB_CHECK(check_not_capped(context_));
    }
    PLUMB_CHECK(generic.in_transaction ? check_in_transaction(row_, generic, context_.command)
                                       : check_retryable(row_));
    PLUMB_TRY(use, sessions.check_out(id, context_.operation.interrupt));
    if (!generic.in_transaction) {
        PLUMB_CHECK(use->enter_retryable(*generic.txn_number));
    } else if (generic.starts_transaction) {
        PLUMB_CHECK(use->start_transaction(*generic.txn_number));
    } else {
        PLUMB_CHECK(use->continue_transaction(*generic.txn_number, is_commit(row_)));
    }
    use_ = std::move(use);
    context_.session = use_.get();
    context_.operation.transaction = use_->transaction();
    if (row_.retryable && use_->is_transaction()) {
        use_->note_write();
    }
    return {};
}

void SessionScope::leave(Result<bson::Document>& outcome) {
    if (context_.generic.in_transaction && !outcome.ok() &&
        can_run_again(row_, outcome.error().code())) {
        outcome = with_transient_label(outcome.error());
    }
    if (use_ != nullptr && use_->is_transaction() &&
        (!outcome.ok() || outcome.value().has("writeErrors"))) {
        use_->abort();
    }
    context_.operation.transaction = nullptr;
    context_.session = nullptr;
    use_.reset();
}

void append_end_of_reply(CommandContext& context, const CommandRow& row, bson::Builder& reply) {
    if (row.latency == Latency::Writes || is_commit(row)) {
        context.service.sessions->cluster_time().tick();
    }
    if (context.generic.unsatisfied) {
        append_write_concern_error(*context.generic.unsatisfied, reply);
    }
    reply.append("ok", 1.0);
    append_replication(context.service, reply);
}

void append_replication(const ServiceState& service, bson::Builder& reply) {
    if (!service.options.replica_set.empty()) {
        service.sessions->cluster_time().append_to(reply);
    }
}

}  // namespace plumb::commands
