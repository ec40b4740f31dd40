// SPDX-License-Identifier: GPL-3.0-or-later
// plumb advise: from the workload to an index strategy with reasons.
#include "bson/json.h"
#include "cli/advise_view.h"
#include "cli/commands.h"
#include "tool/advise/advice.h"
#include "tool/advise/advice_document.h"
#include "tool/capture/log_reader.h"
#include "tool/capture/profile_reader.h"
#include "tool/capture/source_reader.h"
#include "tool/workload/workload.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::cli {
namespace {

struct AdviseOptions {
    bool from_profile = false;
    std::vector<std::string> logs;
    std::vector<std::string> profile_exports;
    std::vector<std::string> sources;
    bool list_shapes = false;
    std::optional<std::size_t> indexes_max;
    std::optional<double> megabytes_max;
    double gain_min_percent = 0.2;
    std::size_t sample = 10'000;
    bool exact = false;
    std::uint64_t seed = 1;
    std::string strategy_file;
    std::string document_file;

    [[nodiscard]] bool captured() const {
        return from_profile || !logs.empty() || !profile_exports.empty() || !sources.empty();
    }
};

Status read_logs(Context& context,
                 const AdviseOptions& options,
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
                    const AdviseOptions& options,
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
                                          const AdviseOptions& options,
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

Status write_text(Context& context, const std::string& file, const std::string& text) {
    std::ofstream out{file};
    out << text;
    out.flush();
    if (!out) {
        return fail(ErrorCode::IoError, fmt::format("{}: cannot be written", file));
    }
    context.console().note("written: " + file);
    return {};
}

Result<ExitCode> run_advise(Context& context, const AdviseOptions& options) {
    PLUMB_TRY(database, context.database());
    std::vector<advise::AskedQuery> asked;
    if (options.captured()) {
        PLUMB_TRY(table, read_captured(context, options, database));
        if (options.list_shapes) {
            print_shapes(context.console(), table);
            return ExitCode::Done;
        }
        asked = advise::asked_by_shapes(table, database);
    } else {
        PLUMB_TRY(declared, read_declared(context, database));
        asked = std::move(declared);
    }
    PLUMB_TRY(client, context.client());
    advise::AdviceOptions advice_options;
    advice_options.sample = {options.sample, options.exact, options.seed};
    advice_options.limits.indexes_max = options.indexes_max;
    constexpr double kMegabyte = 1024.0 * 1024.0;
    if (options.megabytes_max) {
        advice_options.limits.bytes_max = *options.megabytes_max * kMegabyte;
    }
    advice_options.limits.gain_min = options.gain_min_percent / 100;
    advice_options.on_collection = [&](const std::string& collection) {
        context.console().progress("looking at " + collection, 0, 0);
    };
    auto advice = advise::advise(*client, database, asked, advice_options, context.interrupt());
    context.console().progress_done();
    PLUMB_CHECK(advice);
    const std::string title = database + " indexes";
    if (!options.strategy_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.strategy_file, advise::strategy_yaml(*advice, title)));
    }
    if (!options.document_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.document_file, advise::strategy_document(*advice, title)));
    }
    if (context.options.json) {
        context.console().out(bson::to_json(advise::to_document(*advice)));
    } else {
        print_advice(context.console(), *advice);
    }
    return ExitCode::Done;
}

void add_sources(CLI::App& command, AdviseOptions& options) {
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

}  // namespace

void setup_advise(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("advise", "from the workload to an index strategy with reasons");
    command->footer(
        "Without a source the declared workload (workload.yaml) is taken. Nothing is "
        "written to the database.\n"
        "Example:\n  plumb --project projects/earlybird advise --max-indexes 12\n"
        "  plumb advise --from-log mongod.log.gz --list-shapes");
    auto options = std::make_shared<AdviseOptions>();
    add_sources(*command, *options);
    command->add_option("--max-indexes", options->indexes_max, "indexes a collection, _id_ aside");
    command->add_option("--max-size", options->megabytes_max, "megabytes of indexes a collection");
    command
        ->add_option("--min-gain",
                     options->gain_min_percent,
                     "per cent of a collection's cost that an index must take off")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    command->add_option("--sample", options->sample, "documents of each collection to look at")
        ->check(CLI::Range(std::size_t{100}, std::size_t{10'000'000}))
        ->capture_default_str();
    command->add_flag("--exact", options->exact, "look at every document");
    command->add_option("--seed", options->seed, "of the sample and of drawn values")
        ->capture_default_str();
    command->add_option("--write-strategy", options->strategy_file, "write strategy.yaml there");
    command->add_option(
        "--write-document", options->document_file, "write a Markdown strategy there");
    command->callback([&context, options] {
        context.run([&context, options] { return run_advise(context, *options); });
    });
}

}  // namespace plumb::cli
