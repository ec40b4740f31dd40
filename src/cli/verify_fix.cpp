// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify --fix: the migration that repairs what was found.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/new_file.h"
#include "cli/verify_run.h"
#include "project/migration_changes_text.h"
#include "project/migration_file.h"
#include "tool/verify/repair.h"

#include <fmt/format.h>

#include <optional>

namespace plumb::cli {
namespace {

// Nothing if there is nothing that a migration can do.
Result<std::optional<std::filesystem::path>> write_changes(Context& context,
                                                           const verify::Repair& repair,
                                                           const VerifyOptions& options,
                                                           int version) {
    if (repair.changes.empty()) {
        return std::optional<std::filesystem::path>{};
    }
    const std::string name = project::migration_name(options.name);
    if (name.empty()) {
        return fail(
            ErrorCode::UsageError,
            fmt::format("'{}' is no name; write words such as repair_orders", options.name));
    }
    const project::MigrationHead head{version, name, "brings the database back to strategy.yaml"};
    PLUMB_TRY(path,
              write_migration(context, head, project::migration_of_changes(head, repair.changes)));
    return std::optional{path.lexically_normal()};
}

void show_json(Context& context,
               const verify::Repair& repair,
               const std::optional<std::filesystem::path>& path) {
    bson::Builder out;
    if (path.has_value()) {
        out.append("file", path->string());
    }
    out.append("changes", static_cast<std::int32_t>(repair.changes.size()));
    out.begin_array("by_hand");
    for (const std::string& each : repair.by_hand) {
        out.push(each);
    }
    out.end();
    context.console().out(bson::to_json(out.finish()));
}

void show_text(Context& context,
               const verify::Repair& repair,
               const std::optional<std::filesystem::path>& path,
               int version) {
    Console& console = context.console();
    if (path.has_value()) {
        const std::string number = project::version_text(version);
        console.out(fmt::format("wrote {}", path->string()));
        console.out(
            fmt::format("next: plumb migrate lint {}, plumb migrate plan, plumb migrate "
                        "up, plumb verify",
                        number));
    } else {
        console.out("no migration is needed");
    }
    for (const std::string& each : repair.by_hand) {
        console.out("by hand: " + each);
    }
}

}  // namespace

Result<ExitCode> write_repair(Context& context,
                              const project::Strategy& strategy,
                              const verify::Report& report,
                              const VerifyOptions& options) {
    const verify::Repair repair = verify::repair_of(strategy, report);
    PLUMB_TRY(version, next_version(context));
    PLUMB_TRY(path, write_changes(context, repair, options, version));
    if (context.options.json) {
        show_json(context, repair, path);
    } else {
        show_text(context, repair, path, version);
    }
    return repair.by_hand.empty() ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace plumb::cli
