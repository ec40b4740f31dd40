// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb bench`, `plumb report` and `plumb demo` share: running, keeping and showing
// recordings.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "tool/bench/compare.h"
#include "tool/bench/recording.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
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

// The two kept recordings against each other. errors: IoError if one is missing, with what to do
[[nodiscard]] Result<bench::Comparison> compare_kept(Context& context);

void print_comparison(Console& console, const bench::Comparison& comparison);
void print_recording(Console& console, const bench::Recording& recording);

// Writes the report about the two kept recordings; says where it is.
[[nodiscard]] Status make_report(Context& context,
                                 const bench::Comparison& comparison,
                                 const std::vector<std::string>& reproduce,
                                 const std::filesystem::path& path);

}  // namespace plumb::cli
