// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate schema: the JSON Schema of migration files, for editors and CI.
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "project/migration_schema.h"

#include <CLI/CLI.hpp>

namespace plumb::cli {

void setup_migrate_schema(CLI::App& migrate, Context& context) {
    CLI::App* command =
        migrate.add_subcommand("schema", "print the JSON Schema of migration files");
    command->footer(
        "`plumb migrate new` writes it beside the migrations.\n\n"
        "Example:\n  plumb migrate schema > migrations/migration.schema.json");
    command->callback([&context] {
        context.run([&context]() -> Result<ExitCode> {
            context.console().out(bson::to_pretty_json(project::migration_schema()));
            return ExitCode::Done;
        });
    });
}

}  // namespace plumb::cli
