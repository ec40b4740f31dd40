// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a recording's structs and their names in the file: listed once, visited by the
// writer and by the reader.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/recording.h"

#include <type_traits>

namespace plumb::bench {

template <class T, class Visitor>
void visit(T& row, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Row> {
    field("id", row.id);
    field("collection", row.collection);
    field("title", row.title);
    field("used_by", row.used_by);
    field("frequency", row.frequency);
    field("critical", row.critical);
    field("writes", row.writes);
    field("samples", row.samples);
    field("first_ns", row.first_ns);
    field("p50_ns", row.p50_ns);
    field("p95_ns", row.p95_ns);
    field("p99_ns", row.p99_ns);
    field("max_ns", row.max_ns);
    field("mean_ns", row.mean_ns);
    field("ping_ns", row.ping_ns);
    field("documents", row.documents);
    field("bytes_received", row.bytes_received);
    field("kept_bytes", row.kept_bytes);
    field("server_cpu_ns", row.server_cpu_ns);
    field("keys_examined", row.keys_examined);
    field("docs_examined", row.docs_examined);
    field("counted", row.counted);
    field("plan", row.plan);
    field("indexes", row.indexes);
    field("collection_scan", row.collection_scan);
    field("sorts_in_memory", row.sorts_in_memory);
    field("looks_up", row.looks_up);
    field("lookup_from", row.lookup_from);
    field("lookup_field", row.lookup_field);
    field("inserts_only", row.inserts_only);
    field("commands", row.commands);
    field("error", row.error);
    field("kept_ns", row.kept_ns);
    field("kept_rounds", row.kept_rounds);
    field("round_cpu_ns", row.round_cpu_ns);
    field("cold_ns", row.cold_ns);
}

template <class T, class Visitor>
void visit(T& index, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, IndexInfo> {
    field("name", index.name);
    field("key", index.key);
    field("first_field", index.first_field);
    field("bytes", index.bytes);
    field("uses", index.uses);
    field("cache_bytes", index.cache_bytes);
    field("build_ms", index.build_ms);
}

template <class T, class Visitor>
void visit(T& collection,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, CollectionInfo> {
    field("name", collection.name);
    field("documents", collection.documents);
    field("data_bytes", collection.data_bytes);
    field("storage_bytes", collection.storage_bytes);
    field("cache_bytes", collection.cache_bytes);
    field("indexes", collection.indexes);
}

template <class T, class Visitor>
void visit(T& environment,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Environment> {
    field("server", environment.server);
    field("url", environment.url);
    field("database", environment.database);
    field("machine", environment.machine);
    field("at", environment.at);
    field("seed", environment.seed);
    field("samples_wanted", environment.samples_wanted);
    field("time_limit_ms", environment.time_limit_ms);
    field("ping_ns", environment.ping_ns);
}

template <class T, class Visitor>
void visit(T& resources,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Resources> {
    field("resident_bytes_max", resources.resident_bytes_max);
    field("cache_bytes", resources.cache_bytes);
    field("cache_bytes_limit", resources.cache_bytes_limit);
}

template <class T, class Visitor>
void visit(T& row, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, MixedRow> {
    field("id", row.id);
    field("calls", row.calls);
    field("errors", row.errors);
    field("p50_ns", row.p50_ns);
    field("p95_ns", row.p95_ns);
    field("p99_ns", row.p99_ns);
    field("max_ns", row.max_ns);
}

template <class T, class Visitor>
void visit(T& mixed, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Mixed> {
    field("seconds", mixed.seconds);
    field("rate", mixed.rate);
    field("connections", mixed.connections);
    field("calls", mixed.calls);
    field("errors", mixed.errors);
    field("unanswered", mixed.unanswered);
    field("throughput", mixed.throughput);
    field("p50_ns", mixed.p50_ns);
    field("p95_ns", mixed.p95_ns);
    field("p99_ns", mixed.p99_ns);
    field("max_ns", mixed.max_ns);
    field("service_p99_ns", mixed.service_p99_ns);
    field("server_cpu_ns", mixed.server_cpu_ns);
    field("bytes_sent", mixed.bytes_sent);
    field("bytes_received", mixed.bytes_received);
    field("cache_bytes", mixed.cache_bytes);
    field("cache_read_bytes", mixed.cache_read_bytes);
    field("first_error", mixed.first_error);
    field("rows", mixed.rows);
}

template <class T, class Visitor>
void visit(T& rollback,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, RollbackInfo> {
    field("version", rollback.version);
    field("ms", rollback.ms);
    field("at", rollback.at);
    field("source", rollback.source);
    field("data_checked", rollback.data_checked);
    field("data_untouched", rollback.data_untouched);
}

template <class T, class Visitor>
void visit(T& recording,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Recording> {
    field("environment", recording.environment);
    field("collections", recording.collections);
    field("rows", recording.rows);
    field("resources", recording.resources);
    field("mixed", recording.mixed);
    field("rollbacks", recording.rollbacks);
}

}  // namespace plumb::bench
