// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_write.h"

#include "cli/migrate/new_file.h"
#include "project/migration_file.h"
#include "tool/advise/migration_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>

namespace plumb::cli {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// The file of this name that says what a new one would say, but for its number.
Result<std::optional<std::filesystem::path>> same_file(Context& context,
                                                       const project::MigrationHead& head,
                                                       const advise::Advice& advice,
                                                       advise::Drops drops) {
    PLUMB_TRY(project, context.project());
    for (const project::ScannedMigration& each :
         project::scan_migrations(project->migrations_directory())) {
        project::MigrationHead there = head;
        there.version = each.version;
        if (text_of(each.path) == advise::migration_text(advice, there, drops)) {
            return std::optional{each.path};
        }
    }
    return std::optional<std::filesystem::path>{};
}

}  // namespace

void add_write_options(CLI::App& command, WriteOptions& options) {
    CLI::Option* write = command.add_flag(
        "--write", options.write, "write the advised indexes as the project's next migration");
    command
        .add_flag("--write-drops",
                  options.drops,
                  "with --write: it also drops what the advice drops, after building the new ones")
        ->needs(write);
    command.add_option("--write-name", options.name, "with --write: the migration's name")
        ->needs(write)
        ->capture_default_str();
}

Status write_advised(Context& context, const WriteOptions& options, const advise::Advice& advice) {
    if (!options.write) {
        return {};
    }
    const advise::Drops drops = options.drops ? advise::Drops::Operations : advise::Drops::Comments;
    if (!advise::has_operations(advice, drops)) {
        context.console().note("NOTE: the database has every advised index; no file was written");
        return {};
    }
    project::MigrationHead head;
    head.name = project::migration_name(options.name);
    if (head.name.empty()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--write-name: '{}' is no name; write words such as add_user_index",
                                options.name));
    }
    head.description = "what plumb advise chose for the workload";
    PLUMB_TRY(same, same_file(context, head, advice, drops));
    if (same) {
        context.console().note(fmt::format("NOTE: {} says this already; no file was written",
                                           same->lexically_normal().string()));
        return {};
    }
    PLUMB_TRY(version, next_version(context));
    head.version = version;
    PLUMB_TRY(path, write_migration(context, head, advise::migration_text(advice, head, drops)));
    context.console().note(fmt::format("wrote {}; next: plumb migrate lint, plumb migrate up",
                                       path.lexically_normal().string()));
    return {};
}

}  // namespace plumb::cli
