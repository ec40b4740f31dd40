// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate: writes, checks, runs, takes back and lists the migrations of the project.
#include "cli/commands.h"
#include "cli/migrate/commands.h"

#include <CLI/CLI.hpp>

#include <array>

namespace plumb::cli {
namespace {

// In the order of a working day: write, look, run, take back, look after.
constexpr auto kSubcommands = std::to_array<void (*)(CLI::App&, Context&)>({
    setup_migrate_new,
    setup_migrate_lint,
    setup_migrate_plan,
    setup_migrate_status,
    setup_migrate_up,
    setup_migrate_down,
    setup_migrate_run,
    setup_migrate_rollback,
    setup_migrate_redo,
    setup_migrate_history,
    setup_migrate_duplicates,
    setup_migrate_baseline,
    setup_migrate_repair,
    setup_migrate_unlock,
    setup_migrate_prune,
    setup_migrate_schema,
});

}  // namespace

void setup_migrate(CLI::App& app, Context& context) {
    CLI::App* migrate =
        app.add_subcommand("migrate", "write, check, run, take back and list migrations");
    migrate->require_subcommand(1);
    migrate->fallthrough();
    migrate->footer(
        "A first migration, start to end:\n"
        "  plumb migrate new add_user_index    writes migrations/001_add_user_index.yaml\n"
        "  plumb migrate lint                  what is wrong with it\n"
        "  plumb migrate plan                  what it would do; writes nothing\n"
        "  plumb migrate up                    does it\n"
        "  plumb migrate down                  takes it back\n\n"
        "Example:\n  plumb --project projects/earlybird migrate run 003");
    for (const auto setup : kSubcommands) {
        setup(*migrate, context);
    }
    for (CLI::App* command : migrate->get_subcommands({})) {
        command->fallthrough();
    }
}

}  // namespace plumb::cli
