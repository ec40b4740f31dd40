// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate prune: drops what applied migrations keep for their way back.
#include "tool/migrate/prune.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/session.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>

namespace plumb::cli {
namespace {

struct PruneCommand {
    std::string to;
    bool yes = false;
    bool dry_run = false;
};

void show(Console& console, const migrate::Prunable& each) {
    const std::string whose =
        each.version == 0
            ? std::string{"left over, of no applied migration"}
            : fmt::format("{} {} of {}", project::version_text(each.version), each.kind, each.of);
    console.out(fmt::format("  {}: {}, {}", each.collection, whose, human_bytes(each.bytes)));
}

void show_json(Context& context, const std::vector<migrate::Prunable>& list, bool dropped) {
    bson::Builder out;
    out.append("dropped", dropped);
    out.begin_array("collections");
    for (const migrate::Prunable& each : list) {
        out.push_document();
        out.append("collection", each.collection);
        if (each.version != 0) {
            out.append("version", project::version_text(each.version));
            out.append("kind", each.kind);
            out.append("of", each.of);
        }
        out.append("documents", each.documents);
        out.append("bytes", each.bytes);
        out.end();
    }
    out.end();
    context.console().out(bson::to_json(out.finish()));
}

// Asks on a terminal; elsewhere nobody could answer.
bool is_agreed(Context& context) {
    if (!context.console().out_is_terminal() || isatty(STDIN_FILENO) != 1) {
        return false;
    }
    context.console().raw("Drop them? These versions cannot be rolled back afterwards [y/N] ");
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "yes";
}

Result<ExitCode> run_prune(Context& context, const PruneCommand& command) {
    PLUMB_TRY(to, version_option(command.to));
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_TRY(list, migrate::prunable(deployment, to));
    if (!context.options.json) {
        for (const migrate::Prunable& each : list) {
            show(context.console(), each);
        }
    }
    if (list.empty() || command.dry_run) {
        if (context.options.json) {
            show_json(context, list, false);
        } else if (list.empty()) {
            context.console().out("nothing is kept for a way back");
        }
        return ExitCode::Done;
    }
    if (!command.yes && !is_agreed(context)) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} collection(s) would be dropped and their migrations could not "
                                "be rolled back; say --yes",
                                list.size()));
    }
    PLUMB_CHECK(migrate::prune(deployment, list));
    if (context.options.json) {
        show_json(context, list, true);
    } else {
        context.console().out(fmt::format("dropped {} collection(s)", list.size()));
    }
    return ExitCode::Done;
}

}  // namespace

void setup_migrate_prune(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<PruneCommand>();
    CLI::App* app = migrate.add_subcommand(
        "prune", "drop the backups and renamed-aside collections of applied migrations");
    app->add_option("--to", command->to, "only of migrations up to this version");
    app->add_flag("--yes", command->yes, "do not ask");
    app->add_flag("--dry-run", command->dry_run, "list them, drop nothing");
    app->footer(
        "Their migrations cannot be rolled back afterwards.\n\n"
        "Example:\n  plumb migrate prune --dry-run\n  plumb migrate prune --to 004 --yes");
    app->callback([&context, command] {
        context.run([&context, command] { return run_prune(context, *command); });
    });
}

}  // namespace plumb::cli
