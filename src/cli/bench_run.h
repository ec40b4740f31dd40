// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb bench`, `plumb report` and `plumb demo` share: running, keeping and showing
// recordings.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "tool/bench/compare.h"
#include "tool/bench/recording.h"
#include "tool/bench/table.h"
#include "tool/bench/write_trial.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace plumb::cli {

struct BenchOptions {
    bool before = false;
    bool after = false;
    bool compare = false;
    std::vector<std::string> only;
    std::int64_t samples = 30;
    double time_limit_s = 3;
    double time_wanted_s = 0.4;
    std::int64_t seed = -1;  // below 0: the workload's
    std::int64_t cold = 0;   // restarts of the engine for each query; 0: none
    double mixed_s = 0;      // above 0: the whole workload for so long, and nothing else
    std::string rate;        // of the mixed run: "200" a second, "2x" the declared; empty: closed
    std::int64_t connections = 1;
    bool write_trial = false;             // what writes cost by index, and nothing else
    std::int64_t documents_max = 50'000;  // of a scratch copy in the trial
    std::int64_t rounds = 8;              // of the trial
};

// Where recordings are kept: bench/ beside the engine's data folder.
[[nodiscard]] std::filesystem::path bench_file(const Context& context, std::string_view which);
// Where the report goes if nothing else is said.
[[nodiscard]] std::filesystem::path report_file(const Context& context);

// A connection for the workload's own commands, so that a profile tells them from the tool's.
[[nodiscard]] Result<std::unique_ptr<client::Client>> workload_client(Context& context);

// Runs the workload of the project and, for before and after, keeps the recording; with `only`, the
// other rows of a recording that is there stay in it.
[[nodiscard]] Result<bench::Recording> record(Context& context, const BenchOptions& options);

// First calls after a restart of the embedded engine, which must not have been started yet: by id.
//   errors  UsageError if the deployment is another or was started by another program
[[nodiscard]] Result<std::map<std::string, std::vector<double>>> record_cold(
    Context& context, const workload::Workload& workload, const BenchOptions& options);

// The whole workload for `mixed_s`; kept in the recording of before or after, if one is named.
[[nodiscard]] Result<bench::Mixed> record_mixed(Context& context, const BenchOptions& options);

// What writes cost by index on scratch copies; kept in bench/writes.json.
[[nodiscard]] Result<bench::WriteTrial> record_writes(Context& context,
                                                      const BenchOptions& options);

// The two kept recordings against each other. errors: IoError if one is missing, with what to do
[[nodiscard]] Result<bench::Comparison> compare_kept(Context& context);

// Prints lines of tool/bench/table.h with their verdicts coloured.
void print_lines(Console& console, const std::vector<bench::TableLine>& lines);
void print_comparison(Console& console, const bench::Comparison& comparison);
void print_recording(Console& console, const bench::Recording& recording);

// Writes the report about the two kept recordings; says where it is.
[[nodiscard]] Status make_report(Context& context,
                                 const bench::Comparison& comparison,
                                 const std::vector<std::string>& reproduce,
                                 const std::filesystem::path& path);

}  // namespace plumb::cli
