// SPDX-License-Identifier: GPL-3.0-or-later
// What `plumb generate` does, once its options are read; `plumb demo` calls it too.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "tool/generate/fill.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace plumb::cli {

struct GenerateOptions {
    std::int64_t scale = 100'000;
    std::int64_t seed = 1;
    std::string today = "2026-01-27";
    double fault_rate = 0.002;
    bool before_migrations = false;
    bool drop = false;
    bool data_file = false;             // made from the project's data.yaml and not the shop
    std::filesystem::path faults_file;  // empty: faults.jsonl beside the engine's data folder
};

// errors  UsageError for a bad day; those of generate::fill
[[nodiscard]] Result<generate::FillSummary> generate_shop(Context& context,
                                                          const std::string& database,
                                                          const GenerateOptions& options);

}  // namespace plumb::cli
