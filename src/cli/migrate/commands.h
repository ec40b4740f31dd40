// SPDX-License-Identifier: GPL-3.0-or-later
// The sub-commands of `plumb migrate`: one file each, one row each in the table of cmd_migrate.cpp.
#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

namespace plumb::cli {

void setup_migrate_baseline(CLI::App& migrate, Context& context);
void setup_migrate_down(CLI::App& migrate, Context& context);
void setup_migrate_duplicates(CLI::App& migrate, Context& context);
void setup_migrate_history(CLI::App& migrate, Context& context);
void setup_migrate_lint(CLI::App& migrate, Context& context);
void setup_migrate_new(CLI::App& migrate, Context& context);
void setup_migrate_plan(CLI::App& migrate, Context& context);
void setup_migrate_prune(CLI::App& migrate, Context& context);
void setup_migrate_redo(CLI::App& migrate, Context& context);
void setup_migrate_repair(CLI::App& migrate, Context& context);
void setup_migrate_rollback(CLI::App& migrate, Context& context);
void setup_migrate_run(CLI::App& migrate, Context& context);
void setup_migrate_schema(CLI::App& migrate, Context& context);
void setup_migrate_status(CLI::App& migrate, Context& context);
void setup_migrate_unlock(CLI::App& migrate, Context& context);
void setup_migrate_up(CLI::App& migrate, Context& context);

}  // namespace plumb::cli
