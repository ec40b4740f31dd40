// SPDX-License-Identifier: GPL-3.0-or-later
// plumb rehearse: the migration on a copy, and a forecast of what it will be on the whole.
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/probe_view.h"
#include "cli/rehearse_run.h"
#include "cli/rehearse_view.h"
#include "tool/calibrate/probe.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace plumb::cli {
namespace {

struct RehearseCommand {
    RehearseOptions run;
    std::string from;
    std::string sample;
    bool full = false;
    bool no_probe = false;
    bool probe_only = false;
};

// "5%", "0.5 %" or a plain share such as 0.05.
Result<double> parse_share(const std::string& text) {
    std::string_view digits{text};
    const bool percent = digits.ends_with('%');
    if (percent) {
        digits.remove_suffix(1);
    }
    while (digits.ends_with(' ')) {
        digits.remove_suffix(1);
    }
    double number = 0;
    const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const double share = percent ? number / 100 : number;
    if (error != std::errc{} || at != digits.data() + digits.size() || !(share > 0) || share > 1) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--sample {}: not a share of the documents such as 5%", text));
    }
    return share;
}

Result<ExitCode> show_costs(Context& context) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(target, context.client());
    PLUMB_TRY(costs, calibrate::probe(*target, database, {}, context.clock(), context.interrupt()));
    if (context.options.json) {
        context.console().out(bson::to_json(calibrate::to_document(costs)));
    } else {
        print_costs(context.console(), costs);
    }
    return ExitCode::Done;
}

Result<ExitCode> run_rehearse(Context& context, RehearseCommand command) {
    if (!command.from.empty()) {
        context.options.url = command.from;
    }
    if (!command.sample.empty()) {
        PLUMB_TRY(share, parse_share(command.sample));
        command.run.share = share;
    }
    if (command.probe_only) {
        return show_costs(context);
    }
    // The embedded engine is the one that rehearses: what was measured there is better than costs.
    command.run.probe = !command.no_probe && !context.embedded();
    PLUMB_TRY(rehearsal, rehearse_project(context, command.run));
    if (context.options.json) {
        context.console().out(bson::to_json(rehearse::to_document(rehearsal)));
    } else {
        print_rehearsal(context.console(), rehearsal);
    }
    context.console().note(fmt::format("kept in {}", rehearsal_file(context).string()));
    return rehearsal.would_work() ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace

void setup_rehearse(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("rehearse", "run the migration on a copy and forecast what it will be");
    command->footer(
        "Copies the database into an engine of its own, lints, measures, migrates up, verifies,\n"
        "measures again, migrates down, compares every document and index with what was there\n"
        "before, and migrates up again. The source is only read. Exits with 1 if something would\n"
        "fail.\n\n"
        "Examples:\n"
        "  plumb --project projects/earlybird rehearse\n"
        "  plumb rehearse --from mongodb://db.example.net --db shop --sample 5%\n"
        "  plumb rehearse --migration 003 --json\n"
        "  plumb rehearse --from \"$MONGO_URL\" --db shop --probe-only");
    auto options = std::make_shared<RehearseCommand>();
    command->add_option(
        "--from", options->from, "MongoDB to copy from; else --url, MONGO_URL, the engine");
    auto* sample = command->add_option(
        "--sample", options->sample, "share of each collection, such as 5%: forecasts the whole");
    command->add_flag("--full", options->full, "copy everything (the default)")->excludes(sample);
    command->add_option(
        "--migration", options->run.versions, "rehearse these; else all that are pending");
    command->add_option("--samples", options->run.samples, "samples wanted for each query")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    command
        ->add_option("--time-limit", options->run.time_limit_s, "seconds for a query that is slow")
        ->check(CLI::Range(0.01, 3600.0))
        ->capture_default_str();
    command
        ->add_option("--count-limit",
                     options->run.count_limit_s,
                     "seconds for counting what the calls of a query examine (0.15; 0.5 of a "
                     "sample)")
        ->check(CLI::Range(0.01, 3600.0));
    auto* without = command->add_flag(
        "--no-probe", options->no_probe, "do not ask the source what its operations cost");
    command
        ->add_flag("--probe-only",
                   options->probe_only,
                   "show what the source's operations cost, rehearse nothing")
        ->excludes(without);
    command->add_flag("--keep", options->run.keep, "leave the copy there for a look");
    command->callback([&context, options] {
        context.run([&context, options] { return run_rehearse(context, *options); });
    });
}

}  // namespace plumb::cli
