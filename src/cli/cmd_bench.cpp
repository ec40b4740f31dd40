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
    PLUMB_TRY(recording, record(context, options));
    if (context.options.json) {
        context.console().out(bson::to_json(bench::to_document(recording)));
    } else {
        print_recording(context.console(), recording);
    }
    return ExitCode::Done;
}

}  // namespace

void setup_bench(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("bench", "run the workload and measure it");
    command->footer(
        "Examples:\n"
        "  plumb --project projects/earlybird bench --before\n"
        "  plumb --project projects/earlybird migrate run 003\n"
        "  plumb --project projects/earlybird bench --after\n"
        "  plumb --project projects/earlybird bench --compare\n\n"
        "--compare exits with 1 if a promise was missed.");
    auto options = std::make_shared<BenchOptions>();
    CLI::Option* before = command->add_flag("--before", options->before, "keep as what was before");
    CLI::Option* after = command->add_flag("--after", options->after, "keep as what came after");
    after->excludes(before);
    command->add_flag("--compare", options->compare, "compare the two that were kept")
        ->excludes(before)
        ->excludes(after);
    command->add_option("--only", options->only, "measure these queries only, by id");
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
