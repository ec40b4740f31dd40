// SPDX-License-Identifier: GPL-3.0-or-later
// What writes cost with no index, one, two … of a strategy's: inserts, updates of an indexed field
// and of none, deletes, on scratch copies of each collection, never on the collection itself.
//
//   PLUMB_TRY(trial, run_write_trial(client, "shop", strategy, options, interrupt, on_step));
//
// One copy has no index, the next the strategy's first, and so on. Each write goes to all copies in
// turn, so that what disturbs the machine meets all numbers of indexes alike (docs/decisions/0024).
//
// Format   bench/writes.json: docs/formats/bench.md, schema 2. Times in nanoseconds, sizes in
// bytes. Threads  as the client.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "project/strategy.h"
#include "tool/bench/bootstrap.h"
#include "tool/bench/recording.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// One kind of write with this many of the indexes there.
struct WriteLevel {
    std::int64_t indexes = 0;
    std::int64_t samples = 0;
    double p50_ns = 0;
    double p95_ns = 0;
    double max_ns = 0;
    Interval ratio;  // to no index: above 1 is slower
};

struct WriteRow {
    std::string kind;   // one of kWriteKinds
    std::string field;  // that updates set
    std::vector<WriteLevel> levels;
    std::string error;  // why it was not measured; empty if it was
};
inline constexpr std::string_view kInsert = "insert";
inline constexpr std::string_view kUpdateIndexed = "update of an indexed field";
inline constexpr std::string_view kUpdateOther = "update of no indexed field";
inline constexpr std::string_view kDelete = "delete";

// An index of the trial, in the order in which they were added.
struct TrialIndex {
    std::string name;
    std::string key;
    std::int64_t bytes = 0;
    std::int64_t build_ms = 0;  // alone, on a scratch copy; the median over the copies
    std::string note;           // how it differs from the strategy's; empty if it does not
};

struct TrialCollection {
    std::string name;
    std::int64_t documents = 0;  // in the scratch copy
    std::vector<TrialIndex> indexes;
    std::vector<WriteRow> rows;

    // Null if there is none.
    [[nodiscard]] const WriteRow* row(std::string_view kind) const;
};

struct WriteTrial {
    Environment environment;
    std::vector<TrialCollection> collections;

    // Null if there is none.
    [[nodiscard]] const TrialCollection* collection(std::string_view name) const;
};

struct TrialOptions {
    std::int64_t documents_max = 50'000;  // in a scratch copy
    std::int64_t rounds = 8;              // at least 2
    std::int64_t samples = 60;            // of each kind of write, to each copy, in each round
    std::vector<std::string> only;        // collections; empty: all of the strategy
    std::uint64_t seed = 0;
};

// The collection that stands in for `collection` with this many indexes, in the same database.
[[nodiscard]] std::string scratch_name(std::string_view collection, std::size_t indexes);

// For a progress line: the collection, how many steps are done, how many there are.
using OnTrialStep =
    std::function<void(std::string_view collection, std::int64_t done, std::int64_t total)>;

// Scratch copies are dropped at the end, after an error and when interrupted; one that a killed run
// left is dropped when the next one starts.
//   errors  UsageError for a collection in `only` that has no index in the strategy; Interrupted;
//           what the server says
[[nodiscard]] Result<WriteTrial> run_write_trial(client::Client& client,
                                                 const std::string& database,
                                                 const project::Strategy& strategy,
                                                 const TrialOptions& options,
                                                 Interrupt& interrupt,
                                                 const OnTrialStep& on_step);

[[nodiscard]] bson::Document to_document(const WriteTrial& trial);
// errors  IoError; FailedToParse, naming the file
[[nodiscard]] Status save(const WriteTrial& trial, const std::filesystem::path& path);
[[nodiscard]] Result<WriteTrial> load_write_trial(const std::filesystem::path& path);

}  // namespace plumb::bench
