// SPDX-License-Identifier: GPL-3.0-or-later
// plumb runbook: the checklist of a deployment with this database's own figures.
#include "bson/json.h"
#include "cli/bench_run.h"
#include "cli/commands.h"
#include "cli/migrate/session.h"
#include "tool/runbook/runbook.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>

namespace plumb::cli {
namespace {

struct RunbookOptions {
    std::string out;
    std::string window;
};

Result<ExitCode> run_runbook(Context& context, const RunbookOptions& options) {
    if (!options.window.empty()) {
        PLUMB_CHECK(migrate::parse_day_window(options.window));
    }
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(deployment, looking_deployment(context));
    const runbook::Kept kept{.rehearsal = context.options.data.parent_path() / "rehearsal.json",
                             .before = bench_file(context, "before"),
                             .after = bench_file(context, "after")};
    PLUMB_TRY(facts, runbook::gather(deployment, *project, kept));
    if (!options.window.empty()) {
        facts.window = options.window;
    }
    const runbook::Runbook book = runbook::write_runbook(facts);
    const std::string text = context.options.json ? bson::to_json(runbook::to_document(book)) + "\n"
                                                  : runbook::to_markdown(book);
    if (options.out.empty()) {
        context.console().raw(text);
        return ExitCode::Done;
    }
    std::ofstream file{options.out, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", options.out));
    }
    context.console().note(fmt::format("written to {}", options.out));
    return ExitCode::Done;
}

}  // namespace

void setup_runbook(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("runbook", "the steps of a deployment as a checklist");
    command->footer(
        "Examples:\n"
        "  plumb --project projects/earlybird runbook\n"
        "  plumb runbook --window 02:00-05:00 --out runbook.md\n\n"
        "Figures are those of `plumb rehearse` and `plumb bench` where they were run; one that\n"
        "nobody recorded says which command records it. Reads only.");
    auto options = std::make_shared<RunbookOptions>();
    command->add_option("--out", options->out, "write to this file instead of standard output");
    command->add_option(
        "--window", options->window, "when to deploy, HH:MM-HH:MM; else plumbline.yaml's `deploy`");
    command->callback([&context, options] {
        context.run([&context, options] { return run_runbook(context, *options); });
    });
}

}  // namespace plumb::cli
