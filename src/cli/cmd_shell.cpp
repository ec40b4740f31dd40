// SPDX-License-Identifier: GPL-3.0-or-later
// plumb shell: how to reach the running engine by hand, and mongosh on it.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/mongosh.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <thread>

namespace plumb::cli {
namespace {

// How often a waiting `plumb shell` looks for Ctrl-C.
constexpr std::chrono::milliseconds kWakeEvery{100};

struct ShellOptions {
    bool print_only = false;
    bool run = false;
};

Result<ExitCode> start_mongosh(Context& context) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(url, context.url());
    PLUMB_TRY(status, run_mongosh(mongosh_url(url, database)));
    return status == 0 ? ExitCode::Done : ExitCode::Problems;
}

Result<ExitCode> run_shell(Context& context, const ShellOptions& options) {
    if (options.run) {
        return start_mongosh(context);
    }
    PLUMB_TRY(url, context.url());
    PLUMB_TRY(connected, context.client());
    PLUMB_TRY(database, context.database());
    Console& console = context.console();
    const bool ours = context.server() != nullptr && context.server()->started_here();
    if (context.options.json) {
        bson::Builder out;
        out.append("url", connected->redacted_url());
        out.append("database", database);
        out.append("embedded", context.embedded());
        if (context.server() != nullptr) {
            out.append("processId", static_cast<std::int32_t>(context.server()->process_id()));
        }
        console.out(bson::to_json(out.finish()));
    } else {
        console.out(fmt::format("url       {}", connected->redacted_url()));
        console.out(fmt::format("database  {}", database));
        if (context.embedded()) {
            console.out(fmt::format("engine    plumbd, process {}, data in {}",
                                    context.server()->process_id(),
                                    context.options.data.string()));
        }
        console.out(fmt::format("\n  mongosh \"{}\"", mongosh_url(url, database)));
    }
    if (!ours || options.print_only) {
        return ExitCode::Done;
    }
    console.note("\nThe engine runs until Ctrl-C.");
    while (!context.interrupt().killed()) {
        std::this_thread::sleep_for(kWakeEvery);
    }
    return ExitCode::Done;
}

}  // namespace

void setup_shell(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("shell", "connection details and the mongosh line to use");
    command->footer("Example:\n  plumb shell\n  plumb shell --run\n  plumb shell --print --json");
    auto options = std::make_shared<ShellOptions>();
    CLI::Option* print_only = command->add_flag(
        "--print", options->print_only, "print and end, do not keep the engine running");
    command->add_flag("--run", options->run, "start mongosh, if it is installed")
        ->excludes(print_only);
    command->callback([&context, options] {
        context.run([&context, options] { return run_shell(context, *options); });
    });
}

}  // namespace plumb::cli
