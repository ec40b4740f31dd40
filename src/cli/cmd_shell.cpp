// SPDX-License-Identifier: GPL-3.0-or-later
// plumb shell: how to reach the running engine by hand.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <thread>

namespace plumb::cli {
namespace {

// How often a waiting `plumb shell` looks for Ctrl-C.
constexpr std::chrono::milliseconds kWakeEvery{100};

Result<ExitCode> run_shell(Context& context, bool print_only) {
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
            console.out(fmt::format("\n  mongosh {}/{}", url, database));
        } else {
            console.out(fmt::format("\n  mongosh \"{}\"", connected->redacted_url()));
        }
    }
    if (!ours || print_only) {
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
    command->footer("Example:\n  plumb shell\n  plumb shell --print --json");
    auto print_only = std::make_shared<bool>(false);
    command->add_flag("--print", *print_only, "print and end, do not keep the engine running");
    command->callback([&context, print_only] {
        context.run([&context, print_only] { return run_shell(context, *print_only); });
    });
}

}  // namespace plumb::cli
