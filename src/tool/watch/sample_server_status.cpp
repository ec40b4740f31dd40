// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/watch/fields.h"
#include "tool/watch/sample_parts.h"

#include <array>

namespace plumb::watch {
namespace {

struct StatusRow {
    std::string_view series;
    Kind kind;
    std::string_view path;
    std::string_view plus{};  // added to it
};

// clang-format off
constexpr auto kStatus = std::to_array<StatusRow>({
    {"process",             Kind::Gauge,   "pid"},
    {"uptime_ms",           Kind::Gauge,   "uptimeMillis"},
    {"cpu_us",              Kind::Counter, "extra_info.user_time_us", "extra_info.system_time_us"},
    {"connections",         Kind::Gauge,   "connections.current"},
    {"resident_mb",         Kind::Gauge,   "mem.resident"},
    {"queued",              Kind::Gauge,   "globalLock.currentQueue.total"},
    {"bytes_in",            Kind::Counter, "network.bytesIn"},
    {"bytes_out",           Kind::Counter, "network.bytesOut"},
    {"read_ops",            Kind::Counter, "opLatencies.reads.ops"},
    {"read_latency_us",     Kind::Counter, "opLatencies.reads.latency"},
    {"write_ops",           Kind::Counter, "opLatencies.writes.ops"},
    {"write_latency_us",    Kind::Counter, "opLatencies.writes.latency"},
    {"command_ops",         Kind::Counter, "opLatencies.commands.ops"},
    {"command_latency_us",  Kind::Counter, "opLatencies.commands.latency"},
    {"op_insert",           Kind::Counter, "opcounters.insert"},
    {"op_query",            Kind::Counter, "opcounters.query"},
    {"op_update",           Kind::Counter, "opcounters.update"},
    {"op_delete",           Kind::Counter, "opcounters.delete"},
    {"op_getmore",          Kind::Counter, "opcounters.getmore"},
    {"docs_returned",       Kind::Counter, "metrics.document.returned"},
    {"docs_examined",       Kind::Counter, "metrics.queryExecutor.scannedObjects"},
    {"keys_examined",       Kind::Counter, "metrics.queryExecutor.scanned"},
    {"collection_scans",    Kind::Counter, "metrics.queryExecutor.collectionScans.total"},  // 4.4+
    {"sorts_in_memory",     Kind::Counter, "metrics.operation.scanAndOrder"},
    {"cache_bytes",         Kind::Gauge,   "wiredTiger.cache.bytes currently in the cache"},
    {"cache_dirty_bytes",   Kind::Gauge,   "wiredTiger.cache.tracked dirty bytes in the cache"},
    {"cache_max_bytes",     Kind::Gauge,   "wiredTiger.cache.maximum bytes configured"},
    {"cache_read_bytes",    Kind::Counter, "wiredTiger.cache.bytes read into cache"},
    {"cache_evictions",     Kind::Counter, "wiredTiger.cache.unmodified pages evicted",
                                           "wiredTiger.cache.modified pages evicted"},
    {"cache_app_evictions", Kind::Counter, "wiredTiger.cache.pages evicted by application threads"},
});
// clang-format on

// The sections that a sample needs; serverStatus makes the others too unless told not to.
bson::Document status_command() {
    bson::Builder out;
    out.append("serverStatus", 1);
    for (const char* section : {"repl",
                                "locks",
                                "logicalSessionRecordCache",
                                "transactions",
                                "tcmalloc",
                                "sharding",
                                "security",
                                "twoPhaseCommitCoordinator"}) {
        out.append(section, 0);
    }
    return out.finish();
}

}  // namespace

void Into::put(const SeriesInfo& info, std::int64_t value) const {
    sample.set(catalogue.id_of(info), value);
}

void Into::gauge(std::string_view name, std::int64_t value, std::string_view subject) const {
    put({Kind::Gauge, std::string{name}, member, std::string{subject}, {}}, value);
}

void Into::counter(std::string_view name, std::int64_t value, std::string_view subject) const {
    put({Kind::Counter, std::string{name}, member, std::string{subject}, {}}, value);
}

Result<std::int64_t> sample_server_status(client::Client& client, const Into& into) {
    PLUMB_TRY(reply, client.command("admin", status_command()));
    for (const StatusRow& row : kStatus) {
        const auto value = whole_at(reply, row.path);
        const auto plus =
            row.plus.empty() ? std::optional<std::int64_t>{0} : whole_at(reply, row.plus);
        if (value && plus) {
            into.put({row.kind, std::string{row.series}, into.member, {}, {}}, *value + *plus);
        }
    }
    const std::int64_t clock_ms = whole_at(reply, "localTime").value_or(0);
    const auto uptime_ms = whole_at(reply, "uptimeMillis");
    if (clock_ms > 0 && uptime_ms) {
        into.gauge("started_ms", clock_ms - *uptime_ms);
    }
    return clock_ms;
}

}  // namespace plumb::watch
