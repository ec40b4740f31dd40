// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_sources.h"

#include "cli/advise_view.h"
#include "tool/capture/log_reader.h"
#include "tool/capture/profile_reader.h"
#include "tool/capture/source_reader.h"
#include "tool/workload/workload.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <utility>

namespace plumb::cli {
namespace {

Status read_logs(Context& context,
                 const SourceOptions& options,
                 const std::string& database,
                 capture::ShapeTable& table) {
    for (const std::string& file : options.logs) {
        capture::LogOptions log_options;
        log_options.database = database;
        log_options.interrupt = &context.interrupt();
        log_options.on_progress = [&](std::int64_t done, std::int64_t total) {
            context.console().progress(file, done, total);
        };
        auto summary = capture::read_log(file, table, log_options);
        context.console().progress_done();
        PLUMB_CHECK(summary);
        context.console().note(
            fmt::format("{}: {} lines, {} operations; left out: {} that ask no "
                        "collection of {}, {} cut short, {} malformed",
                        file,
                        human_count(summary->lines),
                        human_count(summary->operations),
                        human_count(summary->ignored),
                        database,
                        human_count(summary->truncated),
                        human_count(summary->malformed)));
    }
    return {};
}

Status read_sources(Context& context,
                    const SourceOptions& options,
                    const std::string& database,
                    capture::ShapeTable& table) {
    for (const std::string& folder : options.sources) {
        PLUMB_TRY(summary, capture::read_source(folder, database, table));
        context.console().note(
            fmt::format("{}: {} files, {} calls", folder, summary.files, summary.calls));
        for (const std::string& place : summary.unresolved) {
            context.console().note(
                fmt::format("  {}: a call on a collection that is named at run time", place));
        }
    }
    return {};
}

Result<capture::ShapeTable> read_captured(Context& context,
                                          const SourceOptions& options,
                                          const std::string& database) {
    capture::ShapeTable table;
    PLUMB_CHECK(read_logs(context, options, database, table));
    for (const std::string& file : options.profile_exports) {
        PLUMB_TRY(summary, capture::read_profile_export(file, table));
        context.console().note(fmt::format("{}: {} documents, {} operations, {} malformed",
                                           file,
                                           human_count(summary.documents),
                                           human_count(summary.operations),
                                           human_count(summary.malformed)));
    }
    if (options.from_profile) {
        PLUMB_TRY(client, context.client());
        PLUMB_TRY(summary, capture::read_profile(*client, database, table, context.interrupt()));
        context.console().note(fmt::format("{}.system.profile: {} documents, {} operations",
                                           database,
                                           human_count(summary.documents),
                                           human_count(summary.operations)));
    }
    PLUMB_CHECK(read_sources(context, options, database, table));
    return table;
}

Result<std::vector<advise::AskedQuery>> read_declared(Context& context,
                                                      const std::string& database) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    PLUMB_TRY(client, context.client());
    return advise::asked_by_workload(*client, database, workload);
}

}  // namespace

void add_source_options(CLI::App& command, SourceOptions& options) {
    command.add_flag(
        "--from-profile", options.from_profile, "shapes from the database's system.profile");
    command.add_option("--from-log", options.logs, "shapes from a server's log, plain or gzipped");
    command.add_option("--from-profile-export",
                       options.profile_exports,
                       "shapes from profiler documents, one a line");
    command.add_option("--from-source", options.sources, "shapes from Python or JavaScript source");
    command.add_flag(
        "--list-shapes", options.list_shapes, "print the shapes of these sources, and stop");
}

Result<std::optional<std::vector<advise::AskedQuery>>> gather_asked(Context& context,
                                                                    const SourceOptions& options,
                                                                    const std::string& database) {
    using Asked = std::optional<std::vector<advise::AskedQuery>>;
    if (!options.captured()) {
        PLUMB_TRY(declared, read_declared(context, database));
        return Asked{std::move(declared)};
    }
    PLUMB_TRY(table, read_captured(context, options, database));
    if (options.list_shapes) {
        print_shapes(context.console(), table);
        return Asked{};
    }
    return Asked{advise::asked_by_shapes(table, database)};
}

}  // namespace plumb::cli
