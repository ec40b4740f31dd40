// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/current_op.h"

#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/generic_fields.h"
#include "engine/commands/slow_log.h"
#include "engine/query/matcher.h"

#include <fmt/format.h>

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

void append_client(const ClientState& client, bson::Builder& out) {
    out.append("desc", fmt::format("conn{}", client.connection_id));
    out.append("connectionId", static_cast<std::int32_t>(client.connection_id));
    out.append("client", client.remote_address);
}

bson::Document describe(const ServiceState& service, const RunningOperation& operation) {
    const auto running = std::chrono::duration_cast<std::chrono::microseconds>(
        service.clock.monotonic() - operation.started);
    bson::Builder out;
    out.append("type", "op");
    out.append("host", fmt::format("{}:{}", service.host, service.options.port));
    append_client(*operation.client, out);
    out.append("active", true);
    out.append("currentOpTime", format_time(service.clock.now(), false));
    out.append("opid", operation.opid);
    if (operation.interrupt->killed()) {
        out.append("killPending", true);
    }
    out.append("secs_running", running.count() / 1'000'000);
    out.append("microsecs_running", std::int64_t{running.count()});
    out.append("op", operation.kind);
    out.append("ns", operation.ns);
    out.append("command", shown_command(operation.command));
    append_progress(operation.build, out);
    out.append("numYields", 0);
    out.begin_document("locks").end();
    out.append("waitingForLock", false);
    out.begin_document("lockStats").end();
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
    return out;
}

Status run_current_op(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(filter, filter_of(context.command));
    const CurrentOpOptions options{bool_or(context.command, "$ownOps", false),
                                   context.client.connection_id};
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
