// SPDX-License-Identifier: GPL-3.0-or-later
// plumb watch: hours to days of monitoring after a deployment.
#include "cli/commands.h"
#include "cli/watch_run.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace plumb::cli {
namespace {

Result<ExitCode> run_watch(Context& context, const WatchCommandOptions& options) {
    if (options.report) {
        return watch_report(context);
    }
    return options.fast_forward.empty() ? watch_live(context, options)
                                        : watch_again(context, options);
}

void add_options(CLI::App& command, WatchCommandOptions& options) {
    command.add_option("--for",
                       options.length,
                       "how long in all, from the first sample on, pauses included; else "
                       "plumbline.yaml's `watch: {for: …}`, else 48h");
    command.add_option("--every", options.every, "time between two samples")->capture_default_str();
    command.add_option("--samples", options.samples, "end after so many samples")
        ->check(CLI::Range(1, 100'000'000));
    command.add_option("--priority", options.priority, "indexes up to this priority are drift")
        ->check(CLI::Range(1, 9))
        ->capture_default_str();
    command.add_flag("--new", options.fresh, "put the series that is there aside, begin another");
    command.add_option(
        "--member",
        options.members,
        "a member by its own url, instead of those the deployment names; repeatable");
    command.add_option("--on-alert",
                       options.on_alert,
                       "program to run for each alert: its JSON on standard input, PLUMB_ALERT_* "
                       "in its environment; no shell");
    command.add_option("--webhook", options.webhook, "http(s) address to POST each alert to");
    command.add_option("--metrics", options.metrics_port, "serve /metrics on this loopback port")
        ->check(CLI::Range(0, 65535));
    CLI::Option* report =
        command.add_flag("--report", options.report, "the summary of what is kept, and end");
    command
        .add_option("--fast-forward",
                    options.fast_forward,
                    "go through a recorded series instead: no server, no waiting")
        ->excludes(report);
}

}  // namespace

void setup_watch(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("watch", "hours to days of monitoring after a deployment");
    command->footer(
        "Examples:\n"
        "  plumb --project projects/earlybird watch --for 48h --every 30s\n"
        "  plumb watch --on-alert /usr/local/bin/page-me --metrics 9216\n"
        "  plumb watch --report\n"
        "  plumb watch --fast-forward .plumbline/watch/series.plw\n\n"
        "Run again, it continues its series (.plumbline/watch/series.plw). Ctrl-C ends it with\n"
        "the summary. Exit code 1: an alert of severity problem was raised. docs/watch.md has the\n"
        "alerts.");
    auto options = std::make_shared<WatchCommandOptions>();
    add_options(*command, *options);
    command->callback([&context, options] {
        context.run([&context, options] { return run_watch(context, *options); });
    });
}

}  // namespace plumb::cli
