// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate unlock: takes the lock away from a runner that is gone.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/session.h"
#include "tool/migrate/ledger/lock.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

void say(Context& context, const std::optional<migrate::Holder>& holder, bool taken) {
    if (!context.options.json) {
        context.console().out(holder.has_value()
                                  ? fmt::format("took the lock from process {} on {}",
                                                holder->runner.process_id,
                                                holder->runner.host)
                                  : std::string{"nobody holds the migration lock"});
        return;
    }
    bson::Builder out;
    out.append("taken", taken);
    if (holder.has_value()) {
        out.begin_document("holder");
        out.append("host", holder->runner.host);
        out.append("processId", holder->runner.process_id);
        out.append("tool", holder->tool);
        out.append("acquiredAt", bson::Date{holder->acquired_ms});
        out.append("expiresAt", bson::Date{holder->expires_ms});
        out.end();
    } else {
        out.append_null("holder");
    }
    context.console().out(bson::to_json(out.finish()));
}

Result<ExitCode> unlock(Context& context, bool force) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(holder, migrate::Lock::look(*client, database));
    if (!holder.has_value()) {
        say(context, holder, false);
        return ExitCode::Done;
    }
    const bool over = holder->expires_ms <= context.clock().now().count() ||
                      migrate::is_known_dead(holder->runner);
    if (!over && !force) {
        return fail(ErrorCode::LockHeld,
                    fmt::format("process {} on {} holds the lock and its lease is not over; if you "
                                "are sure that it is gone, use --force",
                                holder->runner.process_id,
                                holder->runner.host));
    }
    PLUMB_CHECK(migrate::Lock::break_lock(*client, database));
    say(context, holder, true);
    return ExitCode::Done;
}

}  // namespace

void setup_migrate_unlock(CLI::App& migrate, Context& context) {
    auto force = std::make_shared<bool>(false);
    CLI::App* command =
        migrate.add_subcommand("unlock", "take the lock away from a runner that is gone");
    command->add_flag("--force", *force, "although its lease is not over");
    command->footer("Example:\n  plumb migrate unlock");
    command->callback(
        [&context, force] { context.run([&context, force] { return unlock(context, *force); }); });
}

}  // namespace plumb::cli
