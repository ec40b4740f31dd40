// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb rehearse` does, once its options are read; `plumb demo` calls it too.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "tool/rehearse/record.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace plumb::cli {

struct RehearseOptions {
    double share = 1;
    std::vector<std::string> versions;  // "003"; empty: all that are pending
    std::int64_t samples = 20;          // of each query
    double time_limit_s = 1.5;          // of a query that is slow
    double count_limit_s = 0;           // for counting what a query's calls examine; 0: as needed
    bool probe = true;
    bool keep = false;
};

// Where the last rehearsal is kept: rehearsal.json beside the engine's data folder.
[[nodiscard]] std::filesystem::path rehearsal_file(const Context& context);

// Rehearses migrations of the project on a copy of the context's database, and keeps the result.
//   errors  those of rehearse::rehearse
[[nodiscard]] Result<rehearse::Rehearsal> rehearse_project(Context& context,
                                                           const RehearseOptions& options);

}  // namespace plumb::cli
