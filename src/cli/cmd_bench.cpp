// SPDX-License-Identifier: GPL-3.0-or-later
// plumb bench: runs the workload, keeps what it measured, compares before with after.
#include "bson/json.h"
#include "cli/bench_run.h"
#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

Result<ExitCode> show_comparison(Context& context) {
    PLUMB_TRY(comparison, compare_kept(context));
    if (context.options.json) {
        context.console().out(bson::to_json(bench::to_document(comparison)));
    } else {
        print_comparison(context.console(), comparison);
    }
    return bench::any_missed(comparison) ? ExitCode::Problems : ExitCode::Done;
}

Result<ExitCode> run_bench(Context& context, const BenchOptions& options) {
    if (options.compare) {
        return show_comparison(context);
    }
    if (options.write_trial) {
        PLUMB_TRY(trial, record_writes(context, options));
        if (context.options.json) {
            context.console().out(bson::to_json(bench::to_document(trial)));
        } else {
            print_lines(context.console(), bench::write_table(trial));
        }
        return ExitCode::Done;
    }
    if (options.mixed_s > 0) {
        PLUMB_TRY(mixed, record_mixed(context, options));
        if (context.options.json) {
            context.console().out(bson::to_json(bench::to_document(mixed)));
        } else {
            print_lines(context.console(), bench::mixed_table(mixed));
        }
        return ExitCode::Done;
    }
    PLUMB_TRY(recording, record(context, options));
    if (context.options.json) {
        context.console().out(bson::to_json(bench::to_document(recording)));
    } else {
        print_recording(context.console(), recording);
    }
    return ExitCode::Done;
}

void add_mixed_options(CLI::App& command, BenchOptions& options) {
    CLI::Option* mixed =
        command
            .add_option("--mixed",
                        options.mixed_s,
                        "the whole workload in its proportions for so many seconds: throughput, "
                        "CPU, network, cache; with --before or --after kept beside the rows")
            ->check(CLI::Range(0.1, 86'400.0));
    command
        .add_option("--rate",
                    options.rate,
                    "of --mixed: calls a second (\"200\"), or times the declared frequencies "
                    "(\"2x\"), whether answers come or not; durations count from when a call was "
                    "due. Without it: as fast as answers come")
        ->needs(mixed);
    command.add_option("--connections", options.connections, "of --mixed: calls under way at once")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str()
        ->needs(mixed);
}

void add_write_options(CLI::App& command, BenchOptions& options) {
    CLI::Option* writes = command.add_flag(
        "--writes",
        options.write_trial,
        "what inserts, updates and deletes cost with none, one, two … of the strategy's indexes, "
        "on scratch copies (_plumb_bench_NAME, dropped at the end)");
    command
        .add_option(
            "--documents", options.documents_max, "of --writes: at most so many in a scratch copy")
        ->check(CLI::Range(1, 1'000'000'000))
        ->capture_default_str()
        ->needs(writes);
    command
        .add_option(
            "--rounds", options.rounds, "of --writes: of 60 writes of each kind to each copy")
        ->check(CLI::Range(2, 1000))
        ->capture_default_str()
        ->needs(writes);
}

}  // namespace

void setup_bench(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("bench", "run the workload and measure it");
    command->footer(
        "Examples:\n"
        "  plumb --project projects/earlybird bench --before\n"
        "  plumb --project projects/earlybird migrate run 003\n"
        "  plumb --project projects/earlybird bench --after\n"
        "  plumb --project projects/earlybird bench --compare\n"
        "  plumb --project projects/earlybird bench --after --mixed 30 --rate 2x --connections 4\n"
        "  plumb --project projects/earlybird bench --before --cold\n"
        "  plumb --project projects/earlybird bench --writes --only orders\n\n"
        "--compare exits with 1 if a promise was missed.");
    auto options = std::make_shared<BenchOptions>();
    CLI::Option* before = command->add_flag("--before", options->before, "keep as what was before");
    CLI::Option* after = command->add_flag("--after", options->after, "keep as what came after");
    after->excludes(before);
    command->add_flag("--compare", options->compare, "compare the two that were kept")
        ->excludes(before)
        ->excludes(after);
    command->add_option(
        "--only", options->only, "measure these queries only, by id (--writes: collections)");
    command->add_flag("--cold{3}",
                      options->cold,
                      "restart the embedded engine so often for each query and time its first "
                      "call; --cold=5 for another number");
    add_mixed_options(*command, *options);
    add_write_options(*command, *options);
    command->add_option("--samples", options->samples, "samples wanted for each query")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command->add_option("--time-limit", options->time_limit_s, "seconds for a query that is slow")
        ->check(CLI::Range(0.01, 3600.0))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "of the parameters; the workload's if not given");
    command->callback([&context, options] {
        context.run([&context, options] { return run_bench(context, *options); });
    });
}

}  // namespace plumb::cli
