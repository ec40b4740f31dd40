// SPDX-License-Identifier: GPL-3.0-or-later
// plumb generate: fills a database with the EarlyBird shop.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/generate_data.h"
#include "cli/generate_run.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

constexpr std::string_view kDefaultDatabase = "earlybird";

// The database that is named anywhere, else the shop's own: generating needs no project folder.
Result<std::string> database_or_default(Context& context) {
    auto named = context.database();
    if (!named.ok() && named.error().code() == ErrorCode::UsageError) {
        return std::string{kDefaultDatabase};
    }
    return named;
}

void print_summary(Context& context,
                   const std::string& database,
                   const GenerateOptions& options,
                   const generate::FillSummary& summary) {
    if (context.options.json) {
        bson::Builder out;
        out.append("database", database);
        if (!options.data_file) {
            out.append("scale", options.scale);
            out.append("seed", options.seed);
            out.append("today", options.today);
        }
        out.append("documents", summary.documents);
        out.append("bytes", summary.bytes);
        out.append("planted", summary.planted);
        out.begin_document("collections");
        for (const generate::FilledCollection& row : summary.collections) {
            out.append(row.name, row.documents);
        }
        out.end();
        context.console().out(bson::to_json(out.finish()));
        return;
    }
    for (const generate::FilledCollection& row : summary.collections) {
        context.console().out(fmt::format("  {:<20}{:>12}  {:>10}",
                                          row.name,
                                          human_count(row.documents),
                                          human_bytes(row.bytes)));
    }
    const std::string faults =
        options.data_file ? "" : fmt::format("; {} planted faults", human_count(summary.planted));
    context.console().out(fmt::format("{}: {} documents, {}{}",
                                      database,
                                      human_count(summary.documents),
                                      human_bytes(summary.bytes),
                                      faults));
}

Result<ExitCode> run_generate(Context& context,
                              const GenerateOptions& options,
                              const DataOptions& data_options) {
    PLUMB_TRY(database, database_or_default(context));
    GenerateOptions complete = options;
    PLUMB_TRY(data, generate_data(context, database, data_options));
    if (data) {
        complete.data_file = true;
        print_summary(context, database, complete, *data);
        return ExitCode::Done;
    }
    if (complete.faults_file.empty()) {
        complete.faults_file = context.options.data.parent_path() / "faults.jsonl";
    }
    PLUMB_TRY(summary, generate_shop(context, database, complete));
    print_summary(context, database, complete, summary);
    if (summary.planted > 0 && !context.options.json) {
        context.console().out(
            fmt::format("planted faults are listed in {}", complete.faults_file.string()));
    }
    return ExitCode::Done;
}

}  // namespace

Result<generate::FillSummary> generate_shop(Context& context,
                                            const std::string& database,
                                            const GenerateOptions& options) {
    const auto today = generate::parse_day(options.today);
    if (!today.has_value()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--today: \"{}\" is no day YYYY-MM-DD", options.today));
    }
    generate::FillRequest request;
    request.world.scale = static_cast<std::uint64_t>(options.scale);
    request.world.seed = static_cast<std::uint64_t>(options.seed);
    request.world.today = *today;
    request.world.fault_rate = options.fault_rate;
    request.world.before_migrations = options.before_migrations;
    request.database = database;
    request.drop = options.drop;
    request.faults_file = options.faults_file;
    PLUMB_TRY(first, context.client());
    PLUMB_TRY(second, context.another_client());
    Console& console = context.console();
    auto filled = generate::fill(request,
                                 {first, second.get()},
                                 context.interrupt(),
                                 [&console](std::int64_t done, std::int64_t total) {
                                     console.progress("generating", done, total);
                                 });
    console.progress_done();
    return filled;
}

void setup_generate(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand(
        "generate", "fill a database with EarlyBird data, or what the project's data.yaml says");
    command->footer(
        "With a data.yaml in the project its scale, seed and today are the defaults, and there "
        "are no faults.\n"
        "Examples:\n"
        "  plumb --project projects/recipes generate --scale 20000\n"
        "  plumb generate --scale 100000 --drop\n"
        "  plumb generate --db shop_test --scale 5000 --seed 7 --faults 0");
    auto options = std::make_shared<GenerateOptions>();
    CLI::Option* scale =
        command->add_option("--scale", options->scale, "number of orders; the rest follows");
    scale->check(CLI::Range(std::int64_t{100}, std::int64_t{1'000'000'000}))->capture_default_str();
    CLI::Option* seed =
        command->add_option("--seed", options->seed, "the same seed gives the same documents");
    seed->check(CLI::NonNegativeNumber)->capture_default_str();
    CLI::Option* today = command->add_option("--today", options->today, "the last delivery day")
                             ->capture_default_str();
    command->add_option("--faults", options->fault_rate, "share of documents with a planted fault")
        ->check(CLI::Range(0.0, 0.5))
        ->capture_default_str();
    command->add_flag("--before-migrations",
                      options->before_migrations,
                      "documents as they were before migrations 001 to 005: without the fields "
                      "those add; with --faults 0, as faults of those fields cannot be planted");
    command->add_option(
        "--faults-file", options->faults_file, "where the planted faults are listed");
    command->add_flag("--drop", options->drop, "drop the shop's collections first");
    command->callback([&context, options, scale, seed, today] {
        DataOptions data;
        data.drop = options->drop;
        if (scale->count() > 0) {
            data.scale = options->scale;
        }
        if (seed->count() > 0) {
            data.seed = options->seed;
        }
        if (today->count() > 0) {
            data.today = options->today;
        }
        context.run([&context, options, data] { return run_generate(context, *options, data); });
    });
}

}  // namespace plumb::cli
