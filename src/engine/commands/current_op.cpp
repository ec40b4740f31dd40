// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/current_op.h"

#include "engine/commands/client_login.h"
#include "engine/commands/client_name.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/generic_fields.h"
#include "engine/commands/slow_log.h"
#include "engine/query/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

// The words of MongoDB 4.2's index builds; tools parse them.
std::string_view phase_text(storage::BuildProgress::Phase phase) {
    using Phase = storage::BuildProgress::Phase;
    switch (phase) {
        case Phase::Scanning:
            return "Index Build: scanning collection";
        case Phase::Sorting:
        case Phase::Loading:
            return "Index Build: inserting keys from external sorter into index";
        case Phase::Committing:
            return "Index Build: draining writes received during build";
    }
    return "Index Build";
}

void append_progress(const BuildWatch& watch, bson::Builder& out) {
    storage::BuildProgress progress;
    if (!watch.get(progress)) {
        return;
    }
    const std::string_view text = phase_text(progress.phase);
    if (progress.total <= 0) {
        out.append("msg", fmt::format("{0} {0}", text));
        return;
    }
    const std::int64_t percent = progress.done * 100 / progress.total;
    out.append("msg",
               fmt::format("{0} {0}: {1}/{2} {3}%", text, progress.done, progress.total, percent));
    out.begin_document("progress");
    out.append("done", progress.done);
    out.append("total", progress.total);
    out.end();
}

// "conn7"; what runs without a client is named by what stands in its place.
std::string description(std::int64_t connection_id, std::string_view remote_address) {
    return connection_id == 0 ? std::string{remote_address} : fmt::format("conn{}", connection_id);
}

void append_client(const ServiceState& service,
                   std::int64_t connection_id,
                   std::string_view remote_address,
                   bson::View metadata,
                   bson::Builder& out) {
    out.append("type", "op");
    out.append("host", fmt::format("{}:{}", service.host, service.options.port));
    out.append("desc", description(connection_id, remote_address));
    if (connection_id != 0) {
        out.append("connectionId", static_cast<std::int32_t>(connection_id));
        out.append("client", remote_address);
    }
    if (const std::string_view name = application_name(metadata); !name.empty()) {
        out.append("appName", name);
    }
    if (!metadata.empty()) {
        out.append("clientMetadata", metadata);
    }
}

void append_owner(const ClientState& client, bson::Builder& out) {
    const std::string owner = owner_of(client);
    if (owner.empty()) {
        return;
    }
    out.begin_array("effectiveUsers");
    append_users(owner, out);
    out.end();
}

void append_notes(const OperationNotes& notes, bson::Builder& out) {
    const OperationNotes::Noted noted = notes.get();
    if (!noted.cursor.empty()) {
        out.append("cursor", noted.cursor);
    }
    if (!noted.plan_summary.empty()) {
        out.append("planSummary", noted.plan_summary);
    }
}

// These write what a connection says and who is logged in on it, on the connection's own thread;
// while one runs, nobody else reads that.
bool changes_client(std::string_view command) {
    constexpr auto kNames = std::to_array<std::string_view>({"authenticate",
                                                             "connectionStatus",
                                                             "hello",
                                                             "isMaster",
                                                             "ismaster",
                                                             "logout",
                                                             "saslContinue",
                                                             "saslStart"});
    return std::ranges::find(kNames, command) != kNames.end();
}

bson::Document describe(const ServiceState& service, const RunningOperation& operation) {
    const bool is_readable = !changes_client(command_name(operation.command));
    const auto running = std::chrono::duration_cast<std::chrono::microseconds>(
        service.clock.monotonic() - operation.started);
    const ClientState& client = *operation.client;
    bson::Builder out;
    append_client(service,
                  client.connection_id,
                  client.remote_address,
                  is_readable ? client.metadata.view() : bson::View{},
                  out);
    out.append("active", true);
    out.append("currentOpTime", format_time(service.clock.now(), false));
    if (is_readable) {
        append_owner(client, out);
    }
    out.append("opid", operation.opid);
    if (operation.interrupt->killed()) {
        out.append("killPending", true);
    }
    if (const bson::ValueView session = operation.command.find("lsid"); !session.missing()) {
        out.append("lsid", session);
    }
    out.append("secs_running", running.count() / 1'000'000);
    out.append("microsecs_running", std::int64_t{running.count()});
    out.append("op", operation.kind);
    out.append("ns", operation.ns);
    out.append("command", shown_command(operation.command));
    append_notes(operation.notes, out);
    append_progress(operation.build, out);
    out.append("numYields", 0);
    out.begin_document("locks").end();
    out.append("waitingForLock", service.catalog_locks.is_waiting(*operation.interrupt));
    out.begin_document("lockStats").end();
    out.append("waitingForFlowControl", false);
    out.begin_document("flowControlStats").end();
    return out.finish();
}

bson::Document describe(const ServiceState& service, const KnownClient& client) {
    bson::Builder out;
    append_client(service, client.connection_id, client.remote_address, client.metadata, out);
    out.append("active", false);
    out.append("currentOpTime", format_time(service.clock.now(), false));
    return out.finish();
}

bson::Document describe(const ServiceState& service, const IdleCursor& cursor) {
    bson::Builder out;
    out.append("type", "idleCursor");
    out.append("host", fmt::format("{}:{}", service.host, service.options.port));
    out.append("ns", cursor.ns);
    out.begin_document("cursor");
    out.append("cursorId", cursor.id);
    out.append("createdDate", bson::Date{cursor.created.count()});
    out.append("lastAccessDate", bson::Date{cursor.last_used.count()});
    out.append("nDocsReturned", cursor.documents_given);
    out.append("nBatchesReturned", cursor.batches_given);
    out.append("noCursorTimeout", cursor.no_timeout);
    out.append("tailable", cursor.tailable);
    out.append("awaitData", cursor.await_data);
    out.append("originatingCommand", cursor.command);
    if (!cursor.plan_summary.empty()) {
        out.append("planSummary", cursor.plan_summary);
    }
    out.end();
    return out.finish();
}

// The fields that are no options are a filter over the operations.
Result<query::Matcher> filter_of(bson::View command) {
    bson::Builder filter;
    bson::Iterator at = command.begin();
    for (++at; at != std::default_sentinel; ++at) {
        const bool option =
            at->name == "$all" || at->name == "$ownOps" || is_generic_field(at->name);
        if (!option) {
            filter.append(at->name, at->value);
        }
    }
    return query::Matcher::parse(filter.finish_view());
}

}  // namespace

std::vector<bson::Document> current_operations(const ServiceState& service,
                                               const CurrentOpOptions& options) {
    std::vector<bson::Document> out;
    service.operations.for_each([&](const RunningOperation& operation) {
        if (options.own_only && operation.client->connection_id != options.connection_id) {
            return;
        }
        out.push_back(describe(service, operation));
    });
    if (options.idle_connections && !options.own_only) {
        for (const KnownClient& client : service.operations.idle_clients()) {
            out.push_back(describe(service, client));
        }
    }
    if (options.idle_cursors) {
        for (const IdleCursor& cursor : service.cursors.idle_cursors()) {
            out.push_back(describe(service, cursor));
        }
    }
    return out;
}

CurrentOpOptions stage_options(bson::View options) {
    return {.idle_connections = bool_or(options, "idleConnections", false),
            .idle_cursors = bool_or(options, "idleCursors", false)};
}

Status run_current_op(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(filter, filter_of(context.command));
    const CurrentOpOptions options{.own_only = bool_or(context.command, "$ownOps", false),
                                   .connection_id = context.client.connection_id,
                                   .idle_connections = bool_or(context.command, "$all", false)};
    reply.begin_array("inprog");
    for (const bson::Document& operation : current_operations(context.service, options)) {
        if (filter.matches(operation)) {
            reply.push(operation);
        }
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
