// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate baseline: takes what is there as applied.
#include "tool/migrate/baseline.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/session.h"
#include "tool/migrate/changelog_import.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace plumb::cli {
namespace {

struct BaselineCommand {
    std::string to;
    std::vector<std::string> versions;
    std::string import;
    std::string changelog;
    std::string forget;
    bool dry_run = false;
};

Result<std::vector<migrate::BaselineEntry>> chosen_files(
    const BaselineCommand& command, const std::vector<project::MigrationFile>& files) {
    std::vector<migrate::BaselineEntry> out;
    if (!command.to.empty()) {
        PLUMB_TRY(to, project::parse_version(command.to));
        for (const project::MigrationFile& file : files) {
            if (file.version <= to) {
                out.push_back({file.version, file.name, &file, "", 0});
            }
        }
        if (out.empty()) {
            return fail(ErrorCode::UsageError,
                        fmt::format("no migration up to {}", project::version_text(to)));
        }
    }
    for (const std::string& text : command.versions) {
        PLUMB_TRY(version, project::parse_version(text));
        const auto file = std::find_if(files.begin(), files.end(), [version](const auto& each) {
            return each.version == version;
        });
        if (file == files.end()) {
            return fail(ErrorCode::UsageError,
                        fmt::format("there is no migration {}", project::version_text(version)));
        }
        out.push_back({version, file->name, &*file, "", 0});
    }
    return out;
}

void say(Context& context,
         const std::vector<migrate::BaselineEntry>& entries,
         const std::vector<int>& written,
         bool dry_run) {
    bson::Builder json;
    json.append("dryRun", dry_run);
    json.begin_array("migrations");
    for (const migrate::BaselineEntry& entry : entries) {
        const bool done = std::find(written.begin(), written.end(), entry.version) != written.end();
        const std::string_view what = dry_run ? "would be taken as applied"
                                      : done  ? "taken as applied"
                                              : "was applied already";
        json.push_document();
        json.append("version", project::version_text(entry.version));
        json.append("name", entry.name);
        json.append("written", done);
        json.append("source", entry.source);
        json.end();
        if (!context.options.json) {
            context.console().out(fmt::format("{} {}: {}{}",
                                              project::version_text(entry.version),
                                              entry.name,
                                              what,
                                              entry.source.empty() ? "" : ", " + entry.source));
        }
    }
    json.end();
    if (context.options.json) {
        context.console().out(bson::to_json(json.finish()));
    }
}

Result<ExitCode> forget(Context& context,
                        const migrate::Deployment& deployment,
                        const std::string& text) {
    PLUMB_TRY(version, project::parse_version(text));
    PLUMB_CHECK(migrate::forget_baseline(deployment, version));
    context.console().note(
        fmt::format("{} is pending again; nothing was undone", project::version_text(version)));
    return ExitCode::Done;
}

Result<ExitCode> run_baseline(Context& context, const BaselineCommand& command) {
    const int ways = (command.to.empty() ? 0 : 1) + (command.versions.empty() ? 0 : 1) +
                     (command.import.empty() ? 0 : 1) + (command.forget.empty() ? 0 : 1);
    if (ways != 1) {
        return fail(ErrorCode::UsageError,
                    "say what is to count as applied: one of --to, --versions, --import, --forget");
    }
    PLUMB_TRY(deployment, looking_deployment(context));
    if (!command.forget.empty()) {
        return forget(context, deployment, command.forget);
    }
    PLUMB_TRY(files, project_migrations(context));
    std::vector<migrate::BaselineEntry> entries;
    if (command.import.empty()) {
        PLUMB_TRY(chosen, chosen_files(command, files));
        entries = std::move(chosen);
    } else {
        PLUMB_TRY(log, migrate::read_changelog(deployment, command.import, command.changelog));
        for (const std::string& each : log.not_applied) {
            context.console().note(fmt::format("NOTE: left out, not applied there: {}", each));
        }
        PLUMB_TRY(imported, migrate::as_baseline(log, files));
        entries = std::move(imported);
    }
    std::vector<int> written;
    if (!command.dry_run) {
        PLUMB_TRY(taken, migrate::take_as_applied(deployment, entries));
        written = std::move(taken);
    }
    say(context, entries, written, command.dry_run);
    return ExitCode::Done;
}

}  // namespace

void setup_migrate_baseline(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<BaselineCommand>();
    CLI::App* app =
        migrate.add_subcommand("baseline", "take what is there as applied; runs nothing");
    app->add_option("--to", command->to, "all migrations up to this version");
    app->add_option("--versions", command->versions, "these migrations")->delimiter(',');
    app->add_option("--import",
                    command->import,
                    fmt::format("the history of another tool: {}",
                                fmt::join(migrate::changelog_tools(), ", ")));
    app->add_option("--changelog", command->changelog, "with --import: the tool's collection")
        ->needs("--import");
    app->add_option("--forget", command->forget, "take the mark of this version back");
    app->add_flag("--dry-run", command->dry_run, "say what would be written, write nothing");
    app->footer(
        "An imported change gets the numbers 001, 002 …; the project's own files go on "
        "after them.\n\n"
        "Example:\n  plumb migrate baseline --to 003\n"
        "  plumb migrate baseline --import migrate-mongo --dry-run");
    app->callback([&context, command] {
        context.run([&context, command] { return run_baseline(context, *command); });
    });
}

}  // namespace plumb::cli
