// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate: runs, takes back and lists the migrations of the project.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/migrate_run.h"
#include "tool/migrate/lock.h"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <memory>

namespace plumb::cli {
namespace {

struct Unavailable {
    std::string_view name;
    std::string_view about;
};

constexpr auto kUnavailable = std::to_array<Unavailable>({
    {"baseline", "take what is there as applied"},
    {"lint", "what is wrong with a migration before it runs"},
    {"new", "write a commented migration file"},
    {"redo", "roll back the last migration and apply it again"},
    {"repair", "explain and settle what a failed rollback left"},
});

void add_unavailable(CLI::App& migrate, Context& context) {
    for (const Unavailable& each : kUnavailable) {
        CLI::App* command = migrate.add_subcommand(std::string{each.name}, std::string{each.about});
        command->group("Not available yet");
        command->prefix_command();
        command->callback([&context, name = each.name] {
            context.run([name]() -> Result<ExitCode> {
                return fail(ErrorCode::UsageError,
                            fmt::format("`plumb migrate {}` is not available yet", name));
            });
        });
    }
}

// A sub-command whose action gets the options it was given.
template <class Action>
CLI::App* add_action(CLI::App& migrate,
                     Context& context,
                     const char* name,
                     const char* about,
                     const std::shared_ptr<MigrateOptions>& options,
                     Action action) {
    CLI::App* command = migrate.add_subcommand(name, about);
    command->footer(fmt::format("Example:\n  plumb migrate {}", name));
    command->callback([&context, options, action] {
        context.run([&context, options, action] { return action(context, *options); });
    });
    return command;
}

void add_dry_run(CLI::App* command, MigrateOptions& options) {
    command->add_flag("--dry-run", options.dry_run, "print what would be sent, write nothing");
}

Result<ExitCode> unlock(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(holder, migrate::Lock::look(*client, database));
    if (!holder.has_value()) {
        context.console().out("nobody holds the migration lock");
        return ExitCode::Done;
    }
    const bool over = holder->expires_ms <= context.clock().now().count() ||
                      migrate::is_known_dead(holder->runner);
    if (!over && !options.force) {
        return fail(ErrorCode::LockHeld,
                    fmt::format("process {} on {} holds the lock and its lease is not over; if you "
                                "are sure that it is gone, use --force",
                                holder->runner.process_id,
                                holder->runner.host));
    }
    PLUMB_CHECK(migrate::Lock::break_lock(*client, database));
    context.console().out(fmt::format(
        "took the lock from process {} on {}", holder->runner.process_id, holder->runner.host));
    return ExitCode::Done;
}

void add_running(CLI::App& migrate,
                 Context& context,
                 const std::shared_ptr<MigrateOptions>& options) {
    CLI::App* run =
        add_action(migrate, context, "run", "apply one migration by number", options, run_one);
    run->add_option("version", options->version, "its number, such as 003")->required();
    run->footer("Example:\n  plumb migrate run 003\n  plumb migrate run 003 --dry-run");
    add_dry_run(run, *options);
    CLI::App* rollback = add_action(
        migrate, context, "rollback", "take one migration back by number", options, rollback_one);
    rollback->add_option("version", options->version, "its number, such as 003")->required();
    rollback->footer("Example:\n  plumb migrate rollback 003");
    add_dry_run(rollback, *options);
    CLI::App* up =
        add_action(migrate, context, "up", "apply all pending migrations", options, run_up);
    up->add_option("--to", options->to, "up to this version");
    up->footer("Example:\n  plumb migrate up --to 003");
    add_dry_run(up, *options);
    CLI::App* down =
        add_action(migrate, context, "down", "take migrations back", options, run_down);
    CLI::Option* to = down->add_option("--to", options->to, "all above this version");
    CLI::Option* all = down->add_flag("--all", options->all, "all of them")->excludes(to);
    down->add_flag("--last", options->last, "the last one (default)")->excludes(to)->excludes(all);
    down->footer("Example:\n  plumb migrate down --last");
    add_dry_run(down, *options);
    CLI::App* plan = add_action(migrate,
                                context,
                                "plan",
                                "what `up` would do and send; writes nothing",
                                options,
                                [](Context& in, const MigrateOptions& given) {
                                    MigrateOptions dry = given;
                                    dry.dry_run = true;
                                    return run_up(in, dry);
                                });
    plan->add_option("--to", options->to, "up to this version");
}

}  // namespace

void setup_migrate(CLI::App& app, Context& context) {
    CLI::App* migrate = app.add_subcommand("migrate", "run, take back and list migrations");
    migrate->require_subcommand(1);
    migrate->fallthrough();
    migrate->footer("Example:\n  plumb --project projects/earlybird migrate run 003");
    auto options = std::make_shared<MigrateOptions>();
    add_running(*migrate, context, options);
    add_action(*migrate, context, "status", "each migration and its state", options, show_status);
    add_action(
        *migrate, context, "history", "what the ledger recorded, in time", options, show_history);
    CLI::App* unlocking = add_action(*migrate,
                                     context,
                                     "unlock",
                                     "take the lock away from a runner that is gone",
                                     options,
                                     unlock);
    unlocking->add_flag("--force", options->force, "although its lease is not over");
    add_unavailable(*migrate, context);
    for (CLI::App* command : migrate->get_subcommands({})) {
        command->fallthrough();
    }
}

}  // namespace plumb::cli
