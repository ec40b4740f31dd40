// SPDX-License-Identifier: GPL-3.0-or-later
// What one run of the workload measured, kept as a file so that a later run can be held against it.
//
// Format   bench/before.json, bench/after.json: docs/formats/bench.md, schema 2. Times in
//          nanoseconds, sizes in bytes.
// Threads  value types.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// One query of the workload, per sample unless said otherwise.
struct Row {
    std::string id;
    std::string collection;
    std::string title;
    std::string used_by;
    double frequency = 0;  // calls a minute, declared
    bool critical = false;
    bool writes = false;

    std::int64_t samples = 0;
    double first_ns = 0;  // the first call, with cold caches and plans; not among the samples
    double p50_ns = 0;
    double p95_ns = 0;
    double p99_ns = 0;
    double max_ns = 0;
    double mean_ns = 0;
    double ping_ns = 0;           // median of bare round trips taken in between
    std::vector<double> kept_ns;  // the samples in their order, at most kKeptSamples
    // How many of kept_ns each round of the run gave: samples of one round were taken together, and
    // what slowed one of them slowed its neighbours.
    std::vector<double> kept_rounds;
    std::vector<double> round_cpu_ns;  // server CPU a call, round by round; empty: not told
    std::vector<double> cold_ns;       // first calls after a restart; empty: not measured

    double documents = 0;  // returned
    double bytes_received = 0;
    std::vector<double> kept_bytes;  // received by the first samples, at most kKeptBytes, in order
    double server_cpu_ns = -1;       // below 0: the server does not say
    double keys_examined = 0;
    double docs_examined = 0;
    bool counted = false;  // the two above were counted by explain
    std::string plan;
    std::vector<std::string> indexes;
    bool collection_scan = false;
    bool sorts_in_memory = false;
    bool looks_up = false;
    std::string lookup_from;   // of the first $lookup: the other collection …
    std::string lookup_field;  // … and the field it is searched by
    bool inserts_only = false;
    std::int64_t commands = 1;  // that make up one sample
    std::string error;          // why nothing was measured; empty if it was
};
inline constexpr std::size_t kKeptSamples = 1000;
inline constexpr std::size_t kKeptBytes = 100;

struct IndexInfo {
    std::string name;
    std::string key;  // as relaxed extended JSON
    std::string first_field;
    std::int64_t bytes = 0;
    std::int64_t uses = -1;         // since the server counts; below 0: it does not say
    std::int64_t cache_bytes = -1;  // below 0: the server does not say
    std::int64_t build_ms = -1;     // as the migration ledger has it; below 0: it does not
};

struct CollectionInfo {
    std::string name;
    std::int64_t documents = 0;
    std::int64_t data_bytes = 0;
    std::int64_t storage_bytes = 0;
    std::vector<IndexInfo> indexes;
    std::int64_t cache_bytes = -1;  // of its documents; below 0: the server does not say
};

// Memory of the server process; below 0: it does not say.
struct Resources {
    std::int64_t resident_bytes_max = -1;  // since it was started
    std::int64_t cache_bytes = -1;         // held at the end of the run
    std::int64_t cache_bytes_limit = -1;
};

// One query within a mixed run.
struct MixedRow {
    std::string id;
    std::int64_t calls = 0;
    std::int64_t errors = 0;
    double p50_ns = 0;
    double p95_ns = 0;
    double p99_ns = 0;
    double max_ns = 0;
};

// The whole workload in its proportions for a while. Under a rate, durations count from when a call
// was due, so that a call that waits behind a slow one is as slow as it was for who waited.
struct Mixed {
    double seconds = 0;
    double rate = 0;  // calls a second that were due; 0: as fast as they come (closed loop)
    std::int64_t connections = 1;
    std::int64_t calls = 0;
    std::int64_t errors = 0;
    std::int64_t unanswered = 0;  // due, but never sent: the server was too slow
    double throughput = 0;        // calls a second that were answered
    double p50_ns = 0;
    double p95_ns = 0;
    double p99_ns = 0;
    double max_ns = 0;
    double service_p99_ns = 0;     // from when it was sent, not from when it was due
    double server_cpu_ns = -1;     // in all
    double bytes_sent = -1;        // by the server
    double bytes_received = -1;    // by the server
    double cache_bytes = -1;       // held at the end
    double cache_read_bytes = -1;  // read into the cache during the run
    std::string first_error;
    std::vector<MixedRow> rows;
};

// A migration that was taken back, as the ledger or a rehearsal has it.
struct RollbackInfo {
    std::string version;
    std::int64_t ms = 0;
    std::string at;               // ISO 8601, UTC
    std::string source;           // "the ledger", "rehearsal"
    bool data_checked = false;    // documents before and after were compared …
    bool data_untouched = false;  // … and are the same
};

struct Environment {
    std::string server;  // "plumbd 4.2.0 …" or MongoDB's version
    std::string url;     // without a password
    std::string database;
    std::string machine;  // processor and number of cores of the machine that measured
    std::string at;       // ISO 8601, UTC
    std::uint64_t seed = 0;
    std::int64_t samples_wanted = 0;
    std::int64_t time_limit_ms = 0;
    double ping_ns = 0;  // median of a round trip
};

struct Recording {
    Environment environment;
    std::vector<Row> rows;
    std::vector<CollectionInfo> collections;
    Resources resources;
    std::vector<Mixed> mixed;  // at most one closed and one open
    std::vector<RollbackInfo> rollbacks;

    // Null if there is none of this id or name.
    [[nodiscard]] const Row* row(std::string_view id) const;
    [[nodiscard]] const CollectionInfo* collection(std::string_view name) const;
};

[[nodiscard]] bson::Document to_document(const Recording& recording);
[[nodiscard]] bson::Document to_document(const Mixed& mixed);
// errors  FailedToParse if the document is no recording of this schema
[[nodiscard]] Result<Recording> from_document(bson::View document);

// errors  IoError; for load: also FailedToParse, naming the file
[[nodiscard]] Status save(const Recording& recording, const std::filesystem::path& path);
[[nodiscard]] Result<Recording> load(const std::filesystem::path& path);

}  // namespace plumb::bench
