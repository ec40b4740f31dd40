// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/rehearse_run.h"

#include "tool/rehearse/rehearse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace plumb::cli {
namespace {

constexpr std::string_view kTool = "plumb 0.1.0";

std::chrono::milliseconds as_ms(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

Result<rehearse::Options> options_of(const Context& context, const RehearseOptions& options) {
    rehearse::Options out;
    out.share = options.share;
    out.probe = options.probe;
    out.keep = options.keep ? rehearse::Keep::Yes : rehearse::Keep::No;
    out.folder = context.options.data.parent_path();
    out.measure.samples = options.samples;
    out.measure.time_limit = as_ms(options.time_limit_s);
    out.measure.time_wanted = as_ms(std::min(0.1, options.time_limit_s));
    if (options.count_limit_s > 0) {
        out.count_limit = as_ms(options.count_limit_s);
    }
    for (const std::string& text : options.versions) {
        PLUMB_TRY(version, project::parse_version(text));
        out.versions.push_back(version);
    }
    return out;
}

// Nothing if the project has no such file.
template <class T>
Result<std::optional<T>> load_if_there(const std::filesystem::path& file,
                                       Result<T> (*load)(const std::filesystem::path&)) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) {
        return std::optional<T>{};
    }
    PLUMB_TRY(loaded, load(file));
    return std::optional<T>{std::move(loaded)};
}

}  // namespace

std::filesystem::path rehearsal_file(const Context& context) {
    return context.options.data.parent_path() / "rehearsal.json";
}

Result<rehearse::Rehearsal> rehearse_project(Context& context, const RehearseOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(run_options, options_of(context, options));
    PLUMB_TRY(workload, load_if_there(project->workload_file(), &workload::load_workload));
    PLUMB_TRY(strategy, load_if_there(project->strategy_file(), &project::load_strategy));
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(source, context.client());
    const auto scanned = project::scan_migrations(project->migrations_directory());
    Console& console = context.console();
    const rehearse::Inputs inputs{
        .source = *source,
        .connect_source = [&context] { return context.another_client(); },
        .database = database,
        .tool = std::string{kTool},
        .scanned = scanned,
        .workload = workload.has_value() ? &*workload : nullptr,
        .strategy = strategy.has_value() ? &*strategy : nullptr,
        .clock = context.clock(),
        .faults = context.faults(),
        .interrupt = context.interrupt(),
        .step =
            [&console](std::string_view what) {
                console.progress_done();
                console.note(fmt::format("- {}", what));
            },
        .progress =
            [&console](std::string_view label, std::int64_t done, std::int64_t total) {
                if (done < 0) {
                    console.progress_done();
                } else {
                    console.progress(label, done, total);
                }
            }};
    auto rehearsal = rehearse::rehearse(inputs, run_options);
    console.progress_done();
    if (!rehearsal.ok()) {
        return std::move(rehearsal).error();
    }
    PLUMB_CHECK(rehearse::save(*rehearsal, rehearsal_file(context)));
    return rehearsal;
}

}  // namespace plumb::cli
