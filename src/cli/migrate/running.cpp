// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate up, down, run, rollback, redo, plan: the options of what runs.
#include "cli/migrate/commands.h"
#include "cli/migrate_run.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace plumb::cli {
namespace {

using Options = std::shared_ptr<MigrateOptions>;
using Action = Result<ExitCode> (*)(Context&, const MigrateOptions&);

CLI::App* add_action(CLI::App& migrate,
                     Context& context,
                     const char* name,
                     const char* about,
                     const Options& options,
                     Action action) {
    CLI::App* command = migrate.add_subcommand(name, about);
    command->callback([&context, options, action] {
        context.run([&context, options, action] { return action(context, *options); });
    });
    return command;
}

void add_dry_run(CLI::App* command, MigrateOptions& options) {
    command->add_flag(
        "--dry-run", options.dry_run, "print every command that would be sent, write nothing");
}

void add_common(CLI::App* command, MigrateOptions& options) {
    command
        ->add_option(
            "--throttle", options.throttle, "documents a second that data operations change")
        ->check(CLI::Validator{[](const std::string& text) {
                                   return text.starts_with('-') ? "is 0 or more" : std::string{};
                               },
                               "0 or more"});
    command->add_option(
        "--window", options.window, "refuse outside this time of the day, HH:MM-HH:MM, local time");
}

void add_builds(CLI::App* command, MigrateOptions& options) {
    CLI::Option* rolling =
        command->add_flag("--rolling",
                          options.rolling,
                          "print the steps of a build node by node; with --members do them");
    CLI::Option* members = command->add_option(
        "--members",
        options.members,
        "file that says how each member is stopped and started (docs/rolling.md)");
    members->needs(rolling)->check(CLI::ExistingFile);
    command
        ->add_flag(
            "--allow-unique",
            options.allow_unique,
            "with --members: build unique indexes too; nothing keeps duplicates out meanwhile")
        ->needs(members);
    command->add_option("--commit-quorum",
                        options.commit_quorum,
                        "members that have to be ready: a number, majority, votingMembers (4.4+)");
}

void add_soak(CLI::App* command, MigrateOptions& options) {
    command->add_option("--soak",
                        options.soak,
                        "hide an index so long before it is dropped, such as 10m, where the server "
                        "can (4.4+)");
}

Result<ExitCode> run_plan(Context& context, const MigrateOptions& options) {
    MigrateOptions dry = options;
    dry.dry_run = true;
    return run_up(context, dry);
}

}  // namespace

void setup_migrate_up(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* up =
        add_action(migrate, context, "up", "apply all pending migrations", options, run_up);
    up->add_option("--to", options->to, "up to this version");
    add_dry_run(up, *options);
    add_common(up, *options);
    add_builds(up, *options);
    up->footer(
        "Example:\n  plumb migrate up --to 003\n  plumb migrate up --dry-run\n"
        "  plumb migrate up --throttle 5000 --window 02:00-05:00");
}

void setup_migrate_down(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* down = add_action(migrate,
                                context,
                                "down",
                                "take migrations back, the one applied last first",
                                options,
                                run_down);
    CLI::Option* to =
        down->add_option("--to", options->to, "all with a higher number than this one");
    CLI::Option* all = down->add_flag("--all", options->all, "all of them")->excludes(to);
    down->add_flag("--last", options->last, "the one applied last (default)")
        ->excludes(to)
        ->excludes(all);
    add_dry_run(down, *options);
    add_common(down, *options);
    add_soak(down, *options);
    down->footer("Example:\n  plumb migrate down --last\n  plumb migrate down --to 003 --soak 10m");
}

void setup_migrate_run(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* run =
        add_action(migrate, context, "run", "apply one migration by number", options, run_one);
    run->add_option("version", options->version, "its number, such as 003")->required();
    add_dry_run(run, *options);
    add_common(run, *options);
    add_builds(run, *options);
    run->footer(
        "Example:\n  plumb migrate run 003\n  plumb migrate run 003 --dry-run\n"
        "  plumb migrate run 003 --rolling --members members.yaml");
}

void setup_migrate_rollback(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* rollback = add_action(
        migrate, context, "rollback", "take one migration back by number", options, rollback_one);
    rollback->add_option("version", options->version, "its number, such as 003")->required();
    add_dry_run(rollback, *options);
    add_common(rollback, *options);
    add_soak(rollback, *options);
    rollback->footer(
        "Example:\n  plumb migrate rollback 003\n  plumb migrate rollback 003 --soak 10m");
}

void setup_migrate_redo(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* redo = add_action(migrate,
                                context,
                                "redo",
                                "take the last migration back and apply it again",
                                options,
                                run_redo);
    redo->add_option("version", options->version, "this one instead of the last");
    add_common(redo, *options);
    redo->footer("Example:\n  plumb migrate redo");
}

void setup_migrate_plan(CLI::App& migrate, Context& context) {
    auto options = std::make_shared<MigrateOptions>();
    CLI::App* plan = add_action(migrate,
                                context,
                                "plan",
                                "what `up` would do, send and take; writes nothing",
                                options,
                                run_plan);
    plan->add_option("--to", options->to, "up to this version");
    plan->footer("Example:\n  plumb migrate plan\n  plumb migrate plan --json");
}

}  // namespace plumb::cli
