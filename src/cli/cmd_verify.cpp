// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify: the database's indexes against strategy.yaml.
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/verify_run.h"
#include "cli/verify_view.h"
#include "tool/verify/observe.h"
#include "tool/workload/workload.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace plumb::cli {
namespace {

constexpr int kPriorityMax = 9;
constexpr int kWatchSeconds = 30;
constexpr int kDayOfSeconds = 86'400;
constexpr int kWindowDaysMax = 3650;

// The workload's commands, for the hints in them; a project need not have a workload.
Result<std::vector<bson::Document>> workload_commands(const project::Project& project) {
    std::vector<bson::Document> out;
    std::error_code failed;
    if (!std::filesystem::exists(project.workload_file(), failed)) {
        return out;
    }
    PLUMB_TRY(workload, workload::load_workload(project.workload_file()));
    for (const workload::Query& query : workload.queries) {
        out.insert(out.end(), query.commands.begin(), query.commands.end());
    }
    return out;
}

Result<ExitCode> run_verify(Context& context, const VerifyOptions& options) {
    if (options.queries) {
        return gate_queries(context, options);
    }
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    if (options.watch_seconds > 0) {
        return watch_drift(context, strategy, options);
    }
    PLUMB_TRY(report, look(context, strategy, options));
    if (options.fix) {
        return write_repair(context, strategy, report, options);
    }
    if (context.options.json) {
        context.console().out(bson::to_json(verify::to_document(report)));
    } else {
        for (const std::string& line : verify_lines(context.console(), report, options.usage)) {
            context.console().out(line);
        }
    }
    return report.drift ? ExitCode::Problems : ExitCode::Done;
}

void add_options(CLI::App& command, VerifyOptions& options) {
    CLI::Option* priority =
        command.add_option("--priority", options.priority, "declared indexes up to this priority")
            ->check(CLI::Range(1, kPriorityMax))
            ->capture_default_str();
    command.add_flag("--all", options.all, "declared indexes of every priority")
        ->excludes(priority);
    command.add_flag("--allow-extra", options.allow_extra, "indexes not declared are no drift");
    command
        .add_option("--member",
                    options.members,
                    "url of one more member to ask, beside those that the deployment names")
        ->type_name("URL");
    command.add_flag("--usage", options.usage, "print how often each index is used");
    command
        .add_option("--window",
                    options.window_days,
                    "days without a use, on every member, before an index is called unused")
        ->check(CLI::Range(1, kWindowDaysMax))
        ->capture_default_str();
    command.add_flag(
        "--deep", options.deep, "run the server's validate on each collection; reads all of it");
    CLI::Option* fix =
        command.add_flag("--fix", options.fix, "write the migration that repairs the drift");
    command.add_option("--name", options.name, "with --fix: the migration's name")
        ->needs(fix)
        ->capture_default_str();
    CLI::Option* watch =
        command
            .add_option("--watch",
                        options.watch_seconds,
                        "look again every so many seconds until Ctrl-C, print what changed")
            ->expected(0, 1)
            ->default_str(std::to_string(kWatchSeconds))
            ->check(CLI::Range(1, kDayOfSeconds))
            ->excludes(fix);
    CLI::Option* queries =
        command
            .add_flag("--queries",
                      options.queries,
                      "explain the workload's queries instead: none may scan a large collection")
            ->excludes(fix)
            ->excludes(watch);
    command
        .add_option("--floor",
                    options.floor,
                    "with --queries: scans of collections with fewer documents are fine")
        ->needs(queries)
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

}  // namespace

Result<verify::Report> look(Context& context,
                            const project::Strategy& strategy,
                            const VerifyOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(url, context.url());
    PLUMB_TRY(commands, workload_commands(*project));
    verify::ObserveOptions observe;
    observe.compare.priority = options.all ? kPriorityMax : options.priority;
    observe.compare.extra_is_drift = !options.allow_extra;
    observe.member_urls = options.members;
    // Counters move all the time; a watch is about what is there.
    observe.usage = options.watch_seconds == 0;
    observe.deep = options.deep;
    observe.now_ms = context.clock().now().count();
    observe.window_days = options.window_days;
    observe.commands = std::move(commands);
    return verify::observe({*client, url, database}, strategy, observe);
}

void setup_verify(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("verify", "the database's indexes against the strategy");
    command->footer(
        "Exit code 1: drift, or a query that scans.\n\n"
        "Example:\n  plumb --project projects/earlybird verify\n  plumb verify --all --json\n"
        "  plumb verify --fix && plumb migrate up\n  plumb verify --watch 60\n"
        "  plumb verify --queries --floor 5000");
    auto options = std::make_shared<VerifyOptions>();
    add_options(*command, *options);
    command->callback([&context, options] {
        context.run([&context, options] { return run_verify(context, *options); });
    });
}

}  // namespace plumb::cli
