// SPDX-License-Identifier: GPL-3.0-or-later
// Where `plumb advise` takes the workload from: the declared one, or what logs, the profiler and
// source code show.
//
//   add_source_options(*command, options->sources);
//   PLUMB_TRY(asked, gather_asked(context, options->sources, database));
//   if (!asked) { return ExitCode::Done; }     // the shapes were to be listed, no more
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "tool/advise/advice.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace plumb::cli {

struct SourceOptions {
    bool from_profile = false;
    std::vector<std::string> logs;
    std::vector<std::string> profile_exports;
    std::vector<std::string> sources;
    bool counters = false;  // beside one of the others
    bool list_shapes = false;
    std::string save_workload;  // a file
    bool keep_values = false;

    [[nodiscard]] bool captured() const {
        return from_profile || !logs.empty() || !profile_exports.empty() || !sources.empty();
    }
};

void add_source_options(CLI::App& command, SourceOptions& options);
// Only those that name a source.
void add_captured_options(CLI::App& command, SourceOptions& options);

// The sources' workload as the text of a workload.yaml; says what was left out.
//   errors  those of reading; BadValue if they ask nothing of the database
[[nodiscard]] Result<std::string> captured_workload(Context& context,
                                                    const SourceOptions& options,
                                                    const std::string& database);

// What is asked of `database`; nothing if an option wanted the sources printed and no advice.
//   errors  those of reading the sources
[[nodiscard]] Result<std::optional<std::vector<advise::AskedQuery>>> gather_asked(
    Context& context, const SourceOptions& options, const std::string& database);

}  // namespace plumb::cli
