// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate repair: explains what a failed rollback or a killed run left, and settles it if
// told how.
#include "tool/migrate/repair.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/session.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

struct RepairCommand {
    std::string resume;
    std::string roll_back;
    std::string mark_applied;
    std::string mark_rolled_back;
};

void show(Console& console, const migrate::Diagnosis& diagnosis) {
    const migrate::Record& record = diagnosis.record;
    const std::string number = project::version_text(record.version);
    console.out(console.coloured(
        Colour::Bold,
        fmt::format("{} {}: {}", number, record.name, migrate::state_name(record.state))));
    console.out(fmt::format("  what ended it: {}", diagnosis.cause));
    std::size_t place = 0;
    for (const migrate::Leftover& each : diagnosis.leftovers) {
        console.out(fmt::format("  {} operation {}, {}{}{}: {}",
                                each.undone ? "·" : "!",
                                ++place,
                                each.kind,
                                each.collection.empty() ? "" : " on ",
                                each.collection,
                                each.text));
    }
    if (!diagnosis.anything_left()) {
        console.out("  nothing of it is left in the database; only the ledger says otherwise");
    }
    console.out("  the choices:");
    console.out(fmt::format("    plumb migrate repair --rollback {}          go on taking it back",
                            number));
    console.out(
        fmt::format("    plumb migrate repair --resume {}            settle what is left, "
                    "then apply it anew",
                    number));
    console.out(
        fmt::format("    plumb migrate repair --mark-rolled-back {}  you put it right "
                    "yourself: not applied",
                    number));
    console.out(
        fmt::format("    plumb migrate repair --mark-applied {}      you put it right "
                    "yourself: applied",
                    number));
}

bson::Document to_bson(const std::vector<migrate::Diagnosis>& list) {
    bson::Builder out;
    out.begin_array("unfinished");
    for (const migrate::Diagnosis& diagnosis : list) {
        out.push_document();
        out.append("version", project::version_text(diagnosis.record.version));
        out.append("name", diagnosis.record.name);
        out.append("state", migrate::state_name(diagnosis.record.state));
        out.append("cause", diagnosis.cause);
        out.append("anythingLeft", diagnosis.anything_left());
        out.begin_array("operations");
        for (const migrate::Leftover& each : diagnosis.leftovers) {
            out.push_document();
            out.append("kind", each.kind);
            out.append("collection", each.collection);
            out.append("undone", each.undone);
            out.append("text", each.text);
            out.end();
        }
        out.end();
        out.end();
    }
    out.end();
    return out.finish();
}

Result<ExitCode> explain(Context& context) {
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_TRY(unfinished, migrate::diagnose(deployment));
    if (context.options.json) {
        context.console().out(bson::to_json(to_bson(unfinished)));
    } else if (unfinished.empty()) {
        context.console().out("nothing is half-way; there is nothing to repair");
    }
    for (const migrate::Diagnosis& each : unfinished) {
        if (!context.options.json) {
            show(context.console(), each);
        }
    }
    return unfinished.empty() ? ExitCode::Done : ExitCode::Problems;
}

Result<ExitCode> accept(Context& context, const std::string& text, migrate::State state) {
    PLUMB_TRY(version, project::parse_version(text));
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_CHECK(migrate::accept_as(deployment, version, state));
    context.console().note(fmt::format("{} counts as {} from now on; the database was not changed",
                                       project::version_text(version),
                                       migrate::state_name(state)));
    return ExitCode::Done;
}

Result<ExitCode> run_repair(Context& context, const RepairCommand& command) {
    MigrateOptions options;
    if (!command.roll_back.empty()) {
        options.version = command.roll_back;
        return rollback_one(context, options);
    }
    if (!command.resume.empty()) {
        options.version = command.resume;
        return run_one(context, options);
    }
    if (!command.mark_applied.empty()) {
        return accept(context, command.mark_applied, migrate::State::Applied);
    }
    if (!command.mark_rolled_back.empty()) {
        return accept(context, command.mark_rolled_back, migrate::State::RolledBack);
    }
    return explain(context);
}

}  // namespace

void setup_migrate_repair(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<RepairCommand>();
    CLI::App* app =
        migrate.add_subcommand("repair", "explain what is half-way and, with an option, settle it");
    CLI::Option_group* ways = app->add_option_group("Ways", "without one it only explains");
    ways->add_option("--rollback", command->roll_back, "go on taking this version back");
    ways->add_option("--resume", command->resume, "settle what is left of it, then apply it anew");
    ways->add_option("--mark-applied",
                     command->mark_applied,
                     "accept the database as it is: applied; changes the ledger only");
    ways->add_option("--mark-rolled-back",
                     command->mark_rolled_back,
                     "accept the database as it is: not applied; changes the ledger only");
    ways->require_option(0, 1);
    app->footer(
        "Exit code 1 if something is half-way.\n\n"
        "Example:\n  plumb migrate repair\n  plumb migrate repair --rollback 003");
    app->callback([&context, command] {
        context.run([&context, command] { return run_repair(context, *command); });
    });
}

}  // namespace plumb::cli
