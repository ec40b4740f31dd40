// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify --fix: the migration that repairs what was found.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/new_file.h"
#include "cli/verify_pending.h"
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

void append_texts(bson::Builder& out,
                  std::string_view field,
                  const std::vector<std::string>& texts) {
    out.begin_array(field);
    for (const std::string& each : texts) {
        out.push(each);
    }
    out.end();
}

void show_json(Context& context,
               const verify::Repair& repair,
               const std::vector<std::string>& pending,
               const std::optional<std::filesystem::path>& path) {
    bson::Builder out;
    if (path.has_value()) {
        out.append("file", path->string());
    }
    out.append("changes", static_cast<std::int32_t>(repair.changes.size()));
    append_texts(out, "pending", pending);
    append_texts(out, "by_hand", repair.by_hand);
    context.console().out(bson::to_json(out.finish()));
}

void show_text(Context& context,
               const verify::Repair& repair,
               const std::vector<std::string>& pending,
               const std::optional<std::filesystem::path>& path,
               int version) {
    Console& console = context.console();
    for (const std::string& each : pending) {
        console.out(each);
    }
    if (path.has_value()) {
        console.out(fmt::format("wrote {}", path->string()));
        console.out(
            fmt::format("next: plumb migrate lint {}, plumb migrate plan, plumb migrate "
                        "up, plumb verify",
                        project::version_text(version)));
    } else if (!pending.empty()) {
        console.out("next: plumb migrate up, plumb verify");
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
    verify::Repair repair = verify::repair_of(strategy, report);
    PLUMB_TRY(pending, leave_to_pending(context, repair));
    PLUMB_TRY(version, next_version(context));
    PLUMB_TRY(path, write_changes(context, repair, options, version));
    if (context.options.json) {
        show_json(context, repair, pending, path);
    } else {
        show_text(context, repair, pending, path, version);
    }
    return repair.by_hand.empty() && pending.empty() ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace plumb::cli
