// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of `plumb`: one file cmd_NAME.cpp each, one row each in the table of main.cpp.
#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

namespace plumb::cli {

// Each adds its sub-command to `app`; see context.h for the shape.
void setup_advise(CLI::App& app, Context& context);
void setup_bench(CLI::App& app, Context& context);
void setup_copy(CLI::App& app, Context& context);
void setup_demo(CLI::App& app, Context& context);
void setup_generate(CLI::App& app, Context& context);
void setup_init(CLI::App& app, Context& context);
void setup_migrate(CLI::App& app, Context& context);
void setup_rehearse(CLI::App& app, Context& context);
void setup_report(CLI::App& app, Context& context);
void setup_runbook(CLI::App& app, Context& context);
void setup_shell(CLI::App& app, Context& context);
void setup_verify(CLI::App& app, Context& context);
void setup_watch(CLI::App& app, Context& context);

}  // namespace plumb::cli
