// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate_run.h"

#include "cli/migrate/lint_run.h"
#include "cli/migrate/rolling_run.h"
#include "cli/migrate/session.h"
#include "tool/migrate/baseline.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/status.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::cli {
namespace {

// `up` does not go on over an edited file: what it would build on is not known.
Status refuse_problems(const std::vector<migrate::VersionStatus>& statuses) {
    for (const migrate::VersionStatus& each : statuses) {
        const bool applied =
            each.record != nullptr && each.record->state == migrate::State::Applied;
        if (applied && each.file != nullptr && !each.problem.empty()) {
            const auto changes = migrate::definition_changes(each.record->definition.view(),
                                                             each.file->canonical().view());
            return fail(ErrorCode::ChecksumMismatch,
                        fmt::format("migration {}: {}; undo the edit, or roll it back first. "
                                    "Applied (-) and now in the file (+):\n  {}",
                                    project::version_text(each.version),
                                    each.problem,
                                    fmt::join(changes, "\n  ")));
        }
    }
    return {};
}

void note_problems(Context& context, const std::vector<migrate::VersionStatus>& statuses) {
    for (const migrate::VersionStatus& each : statuses) {
        if (!each.problem.empty()) {
            context.console().note(fmt::format("NOTE: migration {} ({}): {}",
                                               project::version_text(each.version),
                                               each.name,
                                               each.problem));
        }
    }
}

Result<const project::MigrationFile*> find_file(const std::vector<project::MigrationFile>& files,
                                                int version,
                                                const Context& context) {
    const auto file = std::find_if(files.begin(), files.end(), [version](const auto& each) {
        return each.version == version;
    });
    if (file == files.end()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("there is no migration {} in {}",
                                project::version_text(version),
                                (context.options.project / "migrations").string()));
    }
    return &*file;
}

// A number that neither a file nor the ledger has is a mistyped one. Broken files count too: going
// back needs none of them.
Status refuse_unknown(Context& context, const std::vector<migrate::Record>& records, int version) {
    PLUMB_TRY(project, context.project());
    const auto scanned = project::scan_migrations(project->migrations_directory());
    const auto has_number = [version](const auto& each) { return each.version == version; };
    if (std::any_of(scanned.begin(), scanned.end(), has_number) ||
        std::any_of(records.begin(), records.end(), has_number)) {
        return {};
    }
    return fail(ErrorCode::UsageError,
                fmt::format("there is no migration {}, neither in {} nor in the ledger",
                            project::version_text(version),
                            project->migrations_directory().string()));
}

// What a baseline took over was not done here, so nothing here knows how to undo it.
Status refuse_baseline(const std::optional<migrate::Record>& record) {
    if (!record.has_value() || !migrate::is_baseline(*record)) {
        return {};
    }
    const std::string number = project::version_text(record->version);
    return fail(
        ErrorCode::RefusedForSafety,
        fmt::format("migration {} was taken as applied by `plumb migrate baseline`; nothing "
                    "of it was done here, so there is no way back. `plumb migrate baseline "
                    "--forget {}` makes it pending",
                    number,
                    number));
}

// One after the other; the error of the one that fails says which were applied before it.
Status apply_all(MigrateSession& session, const std::vector<const project::MigrationFile*>& files) {
    std::string applied;
    for (const project::MigrationFile* file : files) {
        const Status done = session.apply(*file);
        if (!done.ok() && !applied.empty()) {
            const Error& error = done.error();
            return fail(error.code(),
                        fmt::format("migration {}: {}\n  Applied before it, and they stay: {}",
                                    file->number(),
                                    error.message(),
                                    applied))
                .with_details(error.details());
        }
        PLUMB_CHECK(done);
        applied += (applied.empty() ? "" : ", ") + file->number();
    }
    return {};
}

// Goes on over a migration that would be refused, so that the others are seen too. errors: the
// first refusal, or what is none
Status preview_all(Context& context,
                   MigrateSession& session,
                   const std::vector<const project::MigrationFile*>& files) {
    Status out;
    for (const project::MigrationFile* file : files) {
        Status done = session.apply(*file);
        if (!done.ok() && done.error().code() != ErrorCode::RefusedForSafety) {
            return done;
        }
        if (!done.ok() && !out.ok()) {
            context.console().note(
                fmt::format("NOTE: migration {}: {}", file->number(), done.error().message()));
        }
        if (!done.ok() && out.ok()) {
            context.console().note(
                fmt::format("NOTE: migration {} would be refused, see the end", file->number()));
            out = done;
        }
    }
    return out;
}

}  // namespace

Result<ExitCode> run_one(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(version, project::parse_version(options.version));
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(file, find_file(files, version, context));
    PLUMB_TRY(session, MigrateSession::open(context, options));
    if (options.rolling) {
        return run_rolling(context, *session, options, files, {file});
    }
    PLUMB_TRY(record, migrate::read_ledger(session->deployment(), version));
    if (!record.has_value() || record->state != migrate::State::Applied) {
        PLUMB_CHECK(lint_before_run(context, session->deployment(), files, {file}));
    }
    PLUMB_CHECK(session->apply(*file));
    return session->done();
}

Result<ExitCode> rollback_one(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(version, project::parse_version(options.version));
    PLUMB_TRY(session, MigrateSession::open(context, options));
    PLUMB_TRY(record, migrate::read_ledger(session->deployment(), version));
    if (!record.has_value()) {
        PLUMB_CHECK(refuse_unknown(context, {}, version));
    }
    PLUMB_CHECK(refuse_baseline(record));
    PLUMB_CHECK(session->revert(version));
    return session->done();
}

Result<ExitCode> run_up(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(to, version_option(options.to));
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(session, MigrateSession::open(context, options));
    PLUMB_TRY(records, migrate::read_ledger(session->deployment()));
    if (to.has_value()) {
        PLUMB_CHECK(refuse_unknown(context, records, *to));
    }
    const auto statuses = migrate::compare(files, records);
    PLUMB_CHECK(refuse_problems(statuses));
    note_problems(context, statuses);
    const auto pending = migrate::pending(statuses, to);
    if (options.rolling) {
        return run_rolling(context, *session, options, files, pending);
    }
    PLUMB_CHECK(lint_before_run(context, session->deployment(), files, pending));
    PLUMB_CHECK(options.dry_run ? preview_all(context, *session, pending)
                                : apply_all(*session, pending));
    if (pending.empty() && !context.options.json) {
        context.console().out("nothing pending");
    }
    return session->done();
}

Result<ExitCode> run_down(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(to, version_option(options.to));
    PLUMB_TRY(session, MigrateSession::open(context, options));
    PLUMB_TRY(records, migrate::read_ledger(session->deployment()));
    if (to.has_value()) {
        PLUMB_CHECK(refuse_unknown(context, records, *to));
    }
    const auto statuses = migrate::compare({}, records);
    const migrate::DownTo how_far = to.has_value() ? migrate::DownTo::Version
                                    : options.all  ? migrate::DownTo::All
                                                   : migrate::DownTo::Last;
    const std::vector<int> versions = migrate::to_revert(statuses, how_far, to.value_or(0));
    for (const int version : versions) {
        PLUMB_CHECK(session->revert(version));
    }
    if (versions.empty() && !context.options.json) {
        context.console().out("nothing to roll back");
    }
    return session->done();
}

Result<ExitCode> run_redo(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(given, version_option(options.version));
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(session, MigrateSession::open(context, options));
    PLUMB_TRY(records, migrate::read_ledger(session->deployment()));
    const auto statuses = migrate::compare(files, records);
    const std::vector<int> last = migrate::to_revert(statuses, migrate::DownTo::Last, 0);
    if (!given.has_value() && last.empty()) {
        return fail(ErrorCode::UsageError, "nothing is applied; there is nothing to do again");
    }
    const int version = given.has_value() ? *given : last.front();
    // Before anything is taken back: without its file it could not be applied again.
    PLUMB_TRY(file, find_file(files, version, context));
    PLUMB_TRY(record, migrate::read_ledger(session->deployment(), version));
    PLUMB_CHECK(refuse_baseline(record));
    PLUMB_CHECK(session->revert(version));
    PLUMB_CHECK(session->apply(*file));
    return session->done();
}

}  // namespace plumb::cli
