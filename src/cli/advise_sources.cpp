// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_sources.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/advise_counters.h"
#include "cli/advise_view.h"
#include "tool/capture/log_reader.h"
#include "tool/capture/profile_reader.h"
#include "tool/capture/shapes_document.h"
#include "tool/capture/source_reader.h"
#include "tool/capture/workload_text.h"
#include "tool/workload/workload.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace plumb::cli {
namespace {

void say_log(Console& console,
             const std::string& file,
             const std::string& database,
             const capture::LogSummary& summary) {
    console.note(
        fmt::format("{}: {} lines, {} operations; left out: {} that ask no collection of {}, {} of "
                    "Plumbline's own, {} cut short, {} malformed",
                    file == "-" ? "standard input" : file,
                    human_count(summary.lines),
                    human_count(summary.operations),
                    human_count(summary.ignored),
                    database,
                    human_count(summary.own),
                    human_count(summary.truncated),
                    human_count(summary.malformed)));
    if (!summary.broken_off.empty()) {
        console.note(fmt::format("  {}: only what came before it was read", summary.broken_off));
    }
}

void say_profile(Console& console,
                 const std::string& what,
                 const capture::ProfileSummary& summary) {
    console.note(
        fmt::format("{}: {} documents, {} operations; left out: {} that ask no "
                    "collection, {} of Plumbline's own, {} cut short, {} malformed",
                    what,
                    human_count(summary.documents),
                    human_count(summary.operations),
                    human_count(summary.ignored),
                    human_count(summary.own),
                    human_count(summary.truncated),
                    human_count(summary.malformed)));
}

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
        say_log(context.console(), file, database, *summary);
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
    capture::ShapeTable table{options.keep_values ? capture::Values::Kept
                                                  : capture::Values::Classes};
    PLUMB_CHECK(read_logs(context, options, database, table));
    for (const std::string& file : options.profile_exports) {
        PLUMB_TRY(summary, capture::read_profile_export(file, table));
        say_profile(context.console(), file, summary);
    }
    if (options.from_profile) {
        PLUMB_TRY(client, context.client());
        PLUMB_TRY(summary, capture::read_profile(*client, database, table, context.interrupt()));
        say_profile(context.console(), database + ".system.profile", summary);
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

// The shapes of a declared workload, to be listed as captured ones are.
capture::ShapeTable table_of(const std::vector<advise::AskedQuery>& asked) {
    capture::ShapeTable out;
    for (const advise::AskedQuery& query : asked) {
        capture::ShapeStatistics& shape = out.at(out.index_of(query.shape));
        shape.calls_a_minute += query.calls_a_minute;
        shape.places.push_back(query.label);
    }
    return out;
}

void list_shapes(Context& context,
                 const capture::ShapeTable& table,
                 const std::vector<advise::CollectionCounters>& counters) {
    if (context.options.json) {
        bson::Builder out;
        out.append_all(capture::shapes_document(table));
        if (!counters.empty()) {
            out.append_all(advise::to_document(counters));
        }
        context.console().out(bson::to_json(out.finish()));
        return;
    }
    print_shapes(context.console(), table);
    if (!counters.empty()) {
        print_counters(context.console(), counters);
    }
}

Result<std::vector<advise::CollectionCounters>> wanted_counters(Context& context,
                                                                const SourceOptions& options,
                                                                const std::string& database,
                                                                const capture::ShapeTable& table) {
    if (!options.counters) {
        return std::vector<advise::CollectionCounters>{};
    }
    return counters_of(context, database, table);
}

// What the file was made from, without folders, which say something of a machine.
std::string sources_text(const SourceOptions& options) {
    std::vector<std::string> out;
    for (const std::vector<std::string>* list :
         {&options.logs, &options.profile_exports, &options.sources}) {
        for (const std::string& path : *list) {
            const std::filesystem::path clean = std::filesystem::path{path}.lexically_normal();
            const std::filesystem::path name =
                clean.has_filename() ? clean.filename() : clean.parent_path().filename();
            out.push_back(path == "-" ? "standard input" : name.string());
        }
    }
    if (options.from_profile) {
        out.emplace_back("system.profile");
    }
    return fmt::format("{}", fmt::join(out, ", "));
}

// With a line for each shape that no template can say.
Result<std::string> written_workload(Context& context,
                                     const SourceOptions& options,
                                     const std::string& database,
                                     const capture::ShapeTable& table) {
    capture::WorkloadText text = capture::workload_text(table, database, sources_text(options));
    if (text.queries == 0) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the sources ask no collection of {}: there is nothing to write",
                                database));
    }
    context.console().note(
        fmt::format("{} queries{}",
                    text.queries,
                    options.keep_values ? ", with values of captured calls" : ""));
    for (const std::string& each : text.left_out) {
        context.console().note("  left out: " + each);
    }
    return std::move(text.yaml);
}

Status save_workload(Context& context,
                     const SourceOptions& options,
                     const std::string& database,
                     const capture::ShapeTable& table) {
    PLUMB_TRY(yaml, written_workload(context, options, database, table));
    std::ofstream file{options.save_workload, std::ios::binary | std::ios::trunc};
    file << yaml;
    file.flush();
    if (!file) {
        return fail(ErrorCode::IoError,
                    fmt::format("{}: cannot be written", options.save_workload));
    }
    context.console().note("written: " + options.save_workload);
    return {};
}

}  // namespace

Result<std::string> captured_workload(Context& context,
                                      const SourceOptions& options,
                                      const std::string& database) {
    PLUMB_TRY(table, read_captured(context, options, database));
    return written_workload(context, options, database, table);
}

void add_captured_options(CLI::App& command, SourceOptions& options) {
    command.add_flag(
        "--from-profile", options.from_profile, "shapes from the database's system.profile");
    command.add_option("--from-log",
                       options.logs,
                       "shapes from a server's log, plain or gzipped; - is standard input");
    command.add_option("--from-profile-export",
                       options.profile_exports,
                       "shapes from profiler documents, one a line");
    command.add_option("--from-source", options.sources, "shapes from Python or JavaScript source");
}

void add_source_options(CLI::App& command, SourceOptions& options) {
    add_captured_options(command, options);
    command.add_flag("--from-counters",
                     options.counters,
                     "beside another source: index uses, reads, writes and scans that every member "
                     "counted; they weigh the queries of source code");
    command.add_flag(
        "--list-shapes", options.list_shapes, "print the shapes of the workload, and stop");
    CLI::Option* save = command.add_option(
        "--save-workload",
        options.save_workload,
        "write the shapes of these sources as a workload.yaml without their values, and stop");
    command
        .add_flag("--keep-values",
                  options.keep_values,
                  "with --save-workload: with values of some calls, which may be personal data")
        ->needs(save);
}

Result<std::optional<std::vector<advise::AskedQuery>>> gather_asked(Context& context,
                                                                    const SourceOptions& options,
                                                                    const std::string& database) {
    using Asked = std::optional<std::vector<advise::AskedQuery>>;
    if (!options.captured()) {
        if (!options.save_workload.empty()) {
            return fail(ErrorCode::UsageError,
                        "--save-workload needs a source, such as --from-log FILE");
        }
        PLUMB_TRY(declared, read_declared(context, database));
        if (options.list_shapes) {
            const capture::ShapeTable table = table_of(declared);
            PLUMB_TRY(counters, wanted_counters(context, options, database, table));
            list_shapes(context, table, counters);
            return Asked{};
        }
        return Asked{std::move(declared)};
    }
    PLUMB_TRY(table, read_captured(context, options, database));
    if (!options.save_workload.empty()) {
        PLUMB_CHECK(save_workload(context, options, database, table));
    }
    PLUMB_TRY(counters, wanted_counters(context, options, database, table));
    if (options.list_shapes) {
        list_shapes(context, table, counters);
    }
    if (options.list_shapes || !options.save_workload.empty()) {
        return Asked{};
    }
    std::vector<advise::AskedQuery> asked = advise::asked_by_shapes(table, database);
    if (options.counters) {
        weigh(context, counters, table, asked);
    }
    return Asked{std::move(asked)};
}

}  // namespace plumb::cli
