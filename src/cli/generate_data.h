// SPDX-License-Identifier: GPL-3.0-or-later
// `plumb generate` for a project with a data.yaml: fills the database with what it describes.
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "tool/generate/fill.h"

#include <cstdint>
#include <optional>
#include <string>

namespace plumb::cli {

// What the command line says; what it does not say is the file's.
struct DataOptions {
    std::optional<std::int64_t> scale;
    std::optional<std::int64_t> seed;
    std::optional<std::string> today;
    bool drop = false;
};

// Nothing if the project has no data.yaml, or if there is no project: then the shop is made.
//   errors  ProjectFileInvalid, UsageError for a bad day; those of generate::fill_data
[[nodiscard]] Result<std::optional<generate::FillSummary>> generate_data(
    Context& context, const std::string& database, const DataOptions& options);

}  // namespace plumb::cli
