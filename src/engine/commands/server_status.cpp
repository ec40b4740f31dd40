// SPDX-License-Identifier: GPL-3.0-or-later
// serverStatus: one function a section, in MongoDB's order.
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/profiler.h"
#include "engine/commands/replica_set.h"
#include "engine/commands/server_status_storage.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_status.h"
#include "engine/commands/system_info.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::commands {

namespace {

using Section = Status (*)(const ServiceState& service, bson::Builder& reply);

void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number <= std::numeric_limits<std::int32_t>::max()) {
        out.append(name, static_cast<std::int32_t>(number));
    } else {
        out.append(name, static_cast<double>(number));
    }
}

Status asserts(const ServiceState& service, bson::Builder& reply) {
    reply.append("regular", 0);
    reply.append("warning", 0);
    reply.append("msg", 0);
    append_number(reply, "user", service.counters.user_errors());
    reply.append("rollovers", 0);
    return {};
}

NetworkCounters network_of(const ServiceState& service) {
    return service.options.network ? service.options.network() : NetworkCounters{};
}

Status connections(const ServiceState& service, bson::Builder& reply) {
    const NetworkCounters counters = network_of(service);
    append_number(reply, "current", counters.connections_now);
    append_number(reply, "available", counters.connections_available);
    append_number(reply, "totalCreated", counters.connections_created);
    append_number(reply, "active", static_cast<std::int64_t>(service.operations.active()));
    return {};
}

Status extra_info(const ServiceState&, bson::Builder& reply) {
    const ProcessUsage usage = process_usage();
    reply.append("note", "fields vary by platform");
    reply.append("user_time_us", usage.user_us);
    reply.append("system_time_us", usage.system_us);
    reply.append("maximum_resident_set_kb", usage.resident_max_kb);
    reply.append("input_blocks", usage.input_blocks);
    reply.append("output_blocks", usage.output_blocks);
    reply.append("page_reclaims", usage.page_reclaims);
    reply.append("page_faults", usage.page_faults);
    reply.append("voluntary_context_switches", usage.switches_voluntary);
    reply.append("involuntary_context_switches", usage.switches_involuntary);
    return {};
}

Status network(const ServiceState& service, bson::Builder& reply) {
    const NetworkCounters counters = network_of(service);
    reply.append("bytesIn", counters.bytes_in);
    reply.append("bytesOut", counters.bytes_out);
    reply.append("physicalBytesIn", counters.bytes_in);
    reply.append("physicalBytesOut", counters.bytes_out);
    reply.append("numRequests", counters.requests);
    reply.begin_document("serviceExecutorTaskStats");
    reply.append("executor", "passthrough");
    append_number(reply, "threadsRunning", counters.connections_now);
    reply.end();
    return {};
}

Status op_latencies(const ServiceState& service, bson::Builder& reply) {
    constexpr std::array kGroups{std::pair{"reads", Latency::Reads},
                                 std::pair{"writes", Latency::Writes},
                                 std::pair{"commands", Latency::Commands}};
    for (const auto& [name, group] : kGroups) {
        const auto [microseconds, operations] = service.counters.latency(group);
        reply.begin_document(name);
        reply.append("latency", microseconds);
        reply.append("ops", operations);
        reply.end();
    }
    return {};
}

Status opcounters(const ServiceState& service, bson::Builder& reply) {
    constexpr std::array kGroups{std::pair{"insert", OpCounter::Insert},
                                 std::pair{"query", OpCounter::Query},
                                 std::pair{"update", OpCounter::Update},
                                 std::pair{"delete", OpCounter::Delete},
                                 std::pair{"getmore", OpCounter::GetMore},
                                 std::pair{"command", OpCounter::Command}};
    for (const auto& [name, group] : kGroups) {
        reply.append(name, service.counters.operations(group));
    }
    return {};
}

Status storage_engine(const ServiceState& service, bson::Builder& reply) {
    reply.append("name", "wiredTiger");
    reply.append("supportsCommittedReads", true);
    reply.append("supportsSnapshotReadConcern", is_replica_set(service));
    reply.append("oldestRequiredTimestampForCrashRecovery", bson::Timestamp{});
    reply.append("supportsPendingDrops", true);
    reply.append("dropPendingIdents", std::int64_t{0});
    reply.append("readOnly", false);
    reply.append("persistent", true);
    reply.append("backupCursorOpen", false);
    return {};
}

Status memory(const ServiceState&, bson::Builder& reply) {
    constexpr std::int64_t kMegabyte = 1024 * 1024;
    const ProcessMemory now = process_memory();
    reply.append("bits", static_cast<std::int32_t>(8 * sizeof(void*)));
    append_number(reply, "resident", now.resident_bytes / kMegabyte);
    append_number(reply, "virtual", now.virtual_bytes / kMegabyte);
    reply.append("supported", true);
    return {};
}

void append_command_counts(const ServiceState& service, bson::Builder& reply) {
    reply.begin_document("commands");
    std::int64_t unknown = 0;
    for (const auto& [name, count] : service.counters.unsupported_names()) {
        unknown += count;
    }
    reply.append("<UNKNOWN>", unknown);
    const auto table = command_table();
    for (std::size_t number = 0; number < table.size(); ++number) {
        reply.begin_document(table[number].name);
        reply.append("failed", service.counters.command_failed(number));
        reply.append("total", service.counters.command_total(number));
        reply.end();
    }
    reply.end();
}

void append_cursor_counts(const ServiceState& service, bson::Builder& reply) {
    const CursorCounts cursors = service.cursors.counts();
    reply.begin_document("cursor");
    reply.append("timedOut", cursors.timed_out);
    reply.begin_document("open");
    reply.append("noTimeout", cursors.no_timeout);
    reply.append("pinned", cursors.pinned);
    reply.append("total", cursors.open);
    reply.end();
    reply.end();
}

Status metrics(const ServiceState& service, bson::Builder& reply) {
    append_command_counts(service, reply);
    append_cursor_counts(service, reply);
    const Counters::Documents& documents = service.counters.documents();
    reply.begin_document("document");
    reply.append("deleted", documents.deleted.load());
    reply.append("inserted", documents.inserted.load());
    reply.append("returned", documents.returned.load());
    reply.append("updated", documents.updated.load());
    reply.end();
    reply.begin_document("operation");
    reply.append("scanAndOrder", documents.sorts.load());
    reply.append("writeConflicts", documents.write_conflicts.load());
    reply.end();
    reply.begin_document("queryExecutor");
    reply.append("scanned", documents.keys_examined.load());
    reply.append("scannedObjects", documents.docs_examined.load());
    reply.end();
    reply.begin_document("record").append("moves", std::int64_t{0}).end();
    reply.begin_document("ttl");
    reply.append("deletedDocuments", service.counters.expiry().deleted.load());
    reply.append("passes", service.counters.expiry().passes.load());
    reply.end();
    return {};
}

Status plumbd(const ServiceState& service, bson::Builder& reply) {
    reply.append("version", service.options.version_text);
    reply.append("profilerEntriesLost", service.profiler->lost());
    reply.begin_document("unsupported");
    for (const auto& [name, count] : service.counters.unsupported_names()) {
        reply.append(name.empty() ? std::string_view{"<empty>"} : std::string_view{name}, count);
    }
    reply.end();
    return {};
}

struct SectionRow {
    std::string_view name;
    Section append;
};
constexpr auto kSections = std::to_array<SectionRow>({
    {"asserts", asserts},
    {"connections", connections},
    {"extra_info", extra_info},
    {"flowControl", append_flow_control},
    {"globalLock", append_global_lock},
    {"locks", append_locks_status},
    {"logicalSessionRecordCache", append_session_status},
    {"network", network},
    {"opLatencies", op_latencies},
    {"opcounters", opcounters},
    {"opcountersRepl", append_replicated_counters},
    {"repl", append_repl_status},
    {"storageEngine", storage_engine},
    {"trafficRecording", append_traffic_recording},
    {"transactions", append_transaction_status},
    {"wiredTiger", append_wired_tiger},
    {"mem", memory},
    {"metrics", metrics},
    {"plumbd", plumbd},
});

}  // namespace

// A section can be left out by {serverStatus: 1, metrics: 0}.
Status run_server_status(CommandContext& context, bson::Builder& reply) {
    const ServiceState& service = context.service;
    const auto up_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                           service.clock.monotonic() - service.started_monotonic)
                           .count();
    reply.append("host", service.host);
    reply.append("version", kMongoVersion);
    reply.append("process", "plumbd");
    reply.append("pid", std::int64_t{::getpid()});
    reply.append("uptime", static_cast<double>(up_ms / 1000));
    reply.append("uptimeMillis", std::int64_t{up_ms});
    reply.append("uptimeEstimate", std::int64_t{up_ms / 1000});
    reply.append("localTime", bson::Date{service.clock.now().count()});
    for (const SectionRow& section : kSections) {
        const bool is_shown = section.name != "repl" || is_replica_set(service);
        if (!is_shown || !bool_or(context.command, section.name, true)) {
            continue;
        }
        reply.begin_document(section.name);
        PLUMB_CHECK(section.append(service, reply));
        reply.end();
    }
    return {};
}

}  // namespace plumb::commands
