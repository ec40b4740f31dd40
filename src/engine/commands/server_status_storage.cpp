// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/server_status_storage.h"

#include "base/limits.h"
#include "engine/commands/service_state.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>

namespace plumb::commands {

namespace {

void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number <= std::numeric_limits<std::int32_t>::max()) {
        out.append(name, static_cast<std::int32_t>(number));
    } else {
        out.append(name, static_cast<double>(number));
    }
}

struct Activity {
    std::int64_t readers = 0;
    std::int64_t writers = 0;
    std::int64_t all = 0;
    std::int64_t waiting = 0;
};

bool reads(std::string_view kind) {
    return kind == "query" || kind == "getmore";
}

bool writes(std::string_view kind) {
    return kind == "insert" || kind == "update" || kind == "remove";
}

Activity activity_of(const ServiceState& service) {
    Activity out;
    service.operations.for_each([&](const RunningOperation& operation) {
        ++out.all;
        out.readers += reads(operation.kind) ? 1 : 0;
        out.writers += writes(operation.kind) ? 1 : 0;
        out.waiting += service.catalog_locks.is_waiting(*operation.interrupt) ? 1 : 0;
    });
    return out;
}

// One thread serves each connection, so that many operations may run and no more.
void append_tickets(bson::Builder& out, std::string_view name, std::int64_t running) {
    out.begin_document(name);
    append_number(out, "out", running);
    append_number(out, "available", std::max<std::int64_t>(kConnectionsMax - running, 0));
    append_number(out, "totalTickets", kConnectionsMax);
    out.end();
}

}  // namespace

Status append_flow_control(const ServiceState&, bson::Builder& reply) {
    reply.append("enabled", false);
    reply.append("targetRateLimit", 1'000'000'000);
    reply.append("timeAcquiringMicros", std::int64_t{0});
    reply.append("locksPerOp", 0.0);
    reply.append("sustainerRate", 0);
    reply.append("isLagged", false);
    reply.append("isLaggedCount", 0);
    reply.append("isLaggedTimeMicros", std::int64_t{0});
    return {};
}

Status append_global_lock(const ServiceState& service, bson::Builder& reply) {
    const std::chrono::nanoseconds up = service.clock.monotonic() - service.started_monotonic;
    const Activity now = activity_of(service);
    reply.append("totalTime", up.count() / 1000);
    reply.begin_document("currentQueue");
    append_number(reply, "total", now.waiting);
    append_number(reply, "readers", 0);
    append_number(reply, "writers", now.waiting);
    reply.end();
    reply.begin_document("activeClients");
    append_number(reply, "total", now.all);
    append_number(reply, "readers", now.readers);
    append_number(reply, "writers", now.writers);
    reply.end();
    return {};
}

Status append_locks_status(const ServiceState& service, bson::Builder& reply) {
    reply.begin_document("Collection").begin_document("acquireCount");
    reply.append("r", service.counters.latency(Latency::Reads).second);
    reply.append("w", service.counters.latency(Latency::Writes).second);
    reply.end().end();
    return {};
}

Status append_replicated_counters(const ServiceState&, bson::Builder& reply) {
    for (const std::string_view name :
         {"insert", "query", "update", "delete", "getmore", "command"}) {
        reply.append(name, std::int64_t{0});
    }
    return {};
}

Status append_traffic_recording(const ServiceState&, bson::Builder& reply) {
    reply.append("running", false);
    return {};
}

// "cache: bytes currently in the cache" becomes wiredTiger.cache."bytes currently in the cache".
Status append_wired_tiger(const ServiceState& service, bson::Builder& reply) {
    PLUMB_TRY(statistics, service.engine.statistics());
    std::map<std::string_view, std::vector<std::pair<std::string_view, std::int64_t>>> groups;
    for (const auto& [description, value] : statistics) {
        const std::size_t colon = description.find(": ");
        if (colon != std::string::npos) {
            const std::string_view text{description};
            groups[text.substr(0, colon)].emplace_back(text.substr(colon + 2), value);
        }
    }
    reply.append("uri", "statistics:");
    for (const auto& [group, values] : groups) {
        reply.begin_document(group);
        for (const auto& [name, value] : values) {
            append_number(reply, name, value);
        }
        reply.end();
    }
    const Activity now = activity_of(service);
    reply.begin_document("concurrentTransactions");
    append_tickets(reply, "write", now.writers);
    append_tickets(reply, "read", now.readers);
    reply.end();
    return {};
}

}  // namespace plumb::commands
