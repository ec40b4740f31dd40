// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the shop into a database.
//
//   PLUMB_TRY(summary, fill(request, {client.get(), second.get()}, interrupt, on_progress));
//
// Each collection is written by one thread in the order of its places, so the order in which a scan
// meets the documents is the same every time, too.
//
// Threads  one thread a client, at most two; on_progress is called from any of them.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/generate/world.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace plumb::generate {

struct FillRequest {
    Options world;
    std::string database;
    bool drop = false;                  // drop the shop's collections first, instead of refusing
    std::filesystem::path faults_file;  // where the planted faults are listed; empty: nowhere
};

struct FilledCollection {
    std::string name;
    std::int64_t documents = 0;
    std::int64_t bytes = 0;  // of BSON
};

struct FillSummary {
    std::vector<FilledCollection> collections;  // in the order of the schema
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
    std::int64_t planted = 0;  // expected findings, those of faults.jsonl
};

// Done and all documents over all collections.
using OnProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// errors  RefusedForSafety if a collection holds documents and drop is false; Interrupted, saying
//         what was written; IoError for the faults file; what the server says
[[nodiscard]] Result<FillSummary> fill(const FillRequest& request,
                                       const std::vector<client::Client*>& clients,
                                       Interrupt& interrupt,
                                       const OnProgress& on_progress);

// Writes all expected findings, one JSON document a line; returns how many.
[[nodiscard]] Result<std::int64_t> write_faults(const World& world,
                                                const std::filesystem::path& path);

}  // namespace plumb::generate
