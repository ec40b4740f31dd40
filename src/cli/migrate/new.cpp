// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate new: writes a migration file with the next number.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/new_file.h"
#include "cli/migrate/session.h"
#include "project/migration_file_text.h"
#include "project/migration_schema.h"
#include "project/strategy.h"
#include "tool/migrate/index/index_plan.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>

namespace plumb::cli {
namespace {

constexpr int kPriorityMax = 9;
// With its number and .yaml it has to be the name of a file, of which most systems take 255 bytes.
constexpr std::size_t kNameMax = 200;

struct NewCommand {
    std::string name;
    std::string about;
    bool from_strategy = false;
    bool offline = false;
    int priority = kPriorityMax;
};

Status write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.flush();
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("{} cannot be written", path.string()));
    }
    return {};
}

// Those that no index of the database is, with their purpose; grouped as the file has them.
Result<std::vector<project::IndexBlock>> missing_indexes(Context& context,
                                                         const NewCommand& command) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    std::optional<migrate::Deployment> deployment;
    if (!command.offline) {
        PLUMB_TRY(looking, looking_deployment(context));
        deployment.emplace(std::move(looking));
    }
    std::vector<project::IndexBlock> out;
    for (const project::StrategyIndex& each : strategy.indexes) {
        if (each.priority > command.priority) {
            continue;
        }
        if (deployment.has_value()) {
            PLUMB_TRY(
                existing,
                migrate::indexes_of(deployment->client, deployment->database, each.collection));
            if (migrate::to_create(migrate::plan_indexes({each.index}, existing)).empty()) {
                continue;
            }
        }
        const auto block = std::find_if(out.begin(), out.end(), [&each](const auto& have) {
            return have.collection == each.collection;
        });
        if (block == out.end()) {
            out.push_back({each.collection, {each.index}});
        } else {
            block->indexes.push_back(each.index);
        }
    }
    return out;
}

Result<ExitCode> run_new(Context& context, const NewCommand& command) {
    const std::string name = project::migration_name(command.name);
    if (name.empty()) {
        return fail(
            ErrorCode::UsageError,
            fmt::format("'{}' is no name; write words such as add_user_index", command.name));
    }
    if (name.size() > kNameMax) {
        return fail(ErrorCode::UsageError,
                    fmt::format("a name of {} characters is longer than {}, and it becomes the "
                                "name of a file; say the rest with --about",
                                name.size(),
                                kNameMax));
    }
    PLUMB_TRY(version, next_version(context));
    project::MigrationHead head{version, name, command.about};
    if (!command.from_strategy) {
        PLUMB_TRY(path, write_migration(context, head, project::commented_migration(head)));
        say_written(context, path, "take the # away from what you need, then: plumb migrate lint");
        return ExitCode::Done;
    }
    if (head.description.empty()) {
        head.description = fmt::format(
            "indexes of strategy.yaml that were missing, priority {} and above", command.priority);
    }
    PLUMB_TRY(blocks, missing_indexes(context, command));
    if (blocks.empty()) {
        context.console().note(
            "NOTE: the database has every index of the strategy; no file was "
            "written");
        return ExitCode::Done;
    }
    PLUMB_TRY(path, write_migration(context, head, project::migration_of_indexes(head, blocks)));
    say_written(context, path, "next: plumb migrate lint");
    return ExitCode::Done;
}

}  // namespace

Result<int> next_version(Context& context) {
    PLUMB_TRY(project, context.project());
    int out = 0;
    for (const project::ScannedMigration& each :
         project::scan_migrations(project->migrations_directory())) {
        out = std::max(out, each.version);
    }
    return out + 1;
}

Result<std::filesystem::path> write_migration(Context& context,
                                              const project::MigrationHead& head,
                                              std::string_view text) {
    PLUMB_TRY(project, context.project());
    const std::filesystem::path folder = project->migrations_directory();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        return fail(ErrorCode::IoError,
                    fmt::format("{} cannot be made: {}", folder.string(), failed.message()));
    }
    const std::filesystem::path path =
        folder / fmt::format("{}_{}.yaml", project::version_text(head.version), head.name);
    if (std::filesystem::exists(path, failed)) {
        return fail(ErrorCode::RefusedForSafety, fmt::format("{} is there already", path.string()));
    }
    PLUMB_CHECK(write_text(folder / project::kMigrationSchemaFile,
                           bson::to_pretty_json(project::migration_schema()) + "\n"));
    PLUMB_CHECK(write_text(path, text));
    return path;
}

void say_written(Context& context, const std::filesystem::path& path, std::string_view next) {
    if (context.options.json) {
        bson::Builder out;
        out.append("file", path.lexically_normal().string());
        context.console().out(bson::to_json(out.finish()));
        return;
    }
    context.console().out(fmt::format("wrote {}", path.lexically_normal().string()));
    context.console().note(std::string{next});
}

void setup_migrate_new(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<NewCommand>();
    CLI::App* app = migrate.add_subcommand("new", "write a migration file with the next number");
    app->add_option("name", command->name, "a few words, such as add_user_index")->required();
    app->add_option("--about", command->about, "its description");
    CLI::Option* strategy = app->add_flag("--from-strategy",
                                          command->from_strategy,
                                          "fill it with the indexes of strategy.yaml that the "
                                          "database has not");
    app->add_option("--priority", command->priority, "with --from-strategy: only up to this one")
        ->check(CLI::Range(1, kPriorityMax))
        ->needs(strategy);
    app->add_flag("--offline", command->offline, "with --from-strategy: all, look at no database")
        ->needs(strategy);
    app->footer(
        "The file explains every operation; an editor with a YAML language server knows "
        "them too.\n\n"
        "Example:\n  plumb migrate new add_user_index\n"
        "  plumb migrate new priority_two --from-strategy --priority 2");
    app->callback([&context, command] {
        context.run([&context, command] { return run_new(context, *command); });
    });
}

}  // namespace plumb::cli
