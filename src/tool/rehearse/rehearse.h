// SPDX-License-Identifier: GPL-3.0-or-later
// The migration on a copy, before it is run on what matters: copy, lint, measure, up, verify,
// measure, down, compare, up again.
//
//   PLUMB_TRY(rehearsal, rehearse(inputs, options));
//   if (!rehearsal.would_work()) { … rehearsal.failures … }
//
// The source is only read. What it is asked: its documents (all, or a sample), its definitions, its
// ledger, the duplicates that a unique index would meet, and what a probe asks.
//
// Source   spec 03 "Rehearse"
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "project/migration_file.h"
#include "project/strategy.h"
#include "tool/bench/measure.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/rehearse/record.h"
#include "tool/rehearse/scratch.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::rehearse {

struct Options {
    double share = 1;           // of each collection; 1: everything
    std::vector<int> versions;  // these migrations; empty: all that are pending in the source
    bool probe = true;          // ask the source what its operations cost
    Keep keep = Keep::No;       // the scratch engine's folder
    std::filesystem::path folder = ".plumbline";  // where the scratch engine's folder is made
    bench::MeasureOptions measure;
    // Spent on counting the documents that the calls of one query examine; nothing: as the copy
    // needs it.
    std::optional<std::chrono::milliseconds> count_limit;
};

// A step begins: "copy orders", "up 003".
using OnStep = std::function<void(std::string_view what)>;
using OnProgress =
    std::function<void(std::string_view label, std::int64_t done, std::int64_t total)>;

// What is rehearsed, and with what. All references outlive the call.
struct Inputs {
    client::Client& source;
    migrate::Connect connect_source;
    std::string database;
    std::string tool;  // "plumb 0.1.0"
    const std::vector<project::ScannedMigration>& scanned;
    const workload::Workload* workload = nullptr;  // null: nothing is measured
    const project::Strategy* strategy = nullptr;   // null: not compared with
    const Clock& clock;
    FaultPoints& faults;
    Interrupt& interrupt;
    OnStep step;
    OnProgress progress;
};

// What would fail is in the result, not an Error.
//   errors  UsageError if the database has no collection, for a version that is not there or
//           applied already, or if none is pending; ProjectFileInvalid; Interrupted; what the
//           source says; ServerStartFailed
[[nodiscard]] Result<Rehearsal> rehearse(const Inputs& inputs, const Options& options);

}  // namespace plumb::rehearse
