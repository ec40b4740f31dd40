// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate_run.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate_view.h"
#include "project/migration_file.h"
#include "tool/migrate/ledger.h"
#include "tool/migrate/run.h"
#include "tool/migrate/status.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::cli {
namespace {

using migrate::Direction;

// One command's worth of migrations: the deployment, who listens, and what came out so far.
class Session {
  public:
    static Result<std::unique_ptr<Session>> open(Context& context, const MigrateOptions& options) {
        PLUMB_TRY(database, context.database());
        PLUMB_TRY(client, context.client());
        return std::make_unique<Session>(context, options, *client, database);
    }

    Session(Context& context,
            const MigrateOptions& options,
            client::Client& client,
            const std::string& database)
        : context_(context),
          dry_run_(options.dry_run),
          view_(context.console(), context.options.json, options.dry_run),
          deployment_{client,
                      [&context] { return context.another_client(); },
                      database,
                      "plumb 0.1.0",
                      context.clock(),
                      context.faults(),
                      context.interrupt(),
                      [this](const migrate::Event& event) { hear(event); }} {}

    const migrate::Deployment& deployment() const { return deployment_; }

    Status apply(const project::MigrationFile& file) {
        PLUMB_TRY(outcome,
                  dry_run_ ? migrate::preview_apply(deployment_, file)
                           : migrate::apply(deployment_, file));
        finish(outcome, Direction::Up);
        return {};
    }

    Status revert(int version) {
        PLUMB_TRY(outcome,
                  dry_run_ ? migrate::preview_revert(deployment_, version)
                           : migrate::revert(deployment_, version));
        finish(outcome, Direction::Down);
        return {};
    }

    // With --json: all outcomes as one document.
    ExitCode done() {
        if (context_.options.json) {
            bson::Builder out;
            out.append("dryRun", dry_run_);
            out.begin_array("migrations");
            for (const bson::Document& each : outcomes_) {
                out.push(each);
            }
            out.end();
            context_.console().out(bson::to_json(out.finish()));
        }
        return ExitCode::Done;
    }

  private:
    void hear(const migrate::Event& event) {
        view_.show(event);
        if (const auto* index = std::get_if<migrate::IndexEvent>(&event)) {
            indexes_.push_back(*index);
        } else if (const auto* command = std::get_if<migrate::WouldSend>(&event)) {
            commands_.push_back(command->command);
        }
    }

    void finish(const migrate::Outcome& outcome, Direction direction) {
        view_.show(outcome, direction);
        bson::Builder out;
        out.append("version", project::version_text(outcome.version));
        out.append("name", outcome.name);
        out.append("direction", direction == Direction::Up ? "up" : "down");
        out.append("created", outcome.created);
        out.append("existed", outcome.existed);
        out.append("dropped", outcome.dropped);
        out.append("ms", outcome.ms);
        out.append("resumed", outcome.resumed);
        out.append("nothingToDo", outcome.nothing_to_do);
        out.begin_array("indexes");
        for (const migrate::IndexEvent& each : indexes_) {
            append(out, each);
        }
        out.end();
        if (dry_run_) {
            out.begin_array("commands");
            for (const bson::Document& each : commands_) {
                out.push(each);
            }
            out.end();
        }
        outcomes_.push_back(out.finish());
        indexes_.clear();
        commands_.clear();
    }

    static void append(bson::Builder& out, const migrate::IndexEvent& event) {
        static constexpr std::array<std::string_view, 5> kWhat{
            "created", "exists", "dropped", "absent", "kept"};
        out.push_document();
        out.append("collection", event.collection);
        out.append("name", event.name);
        out.append("what", kWhat.at(static_cast<std::size_t>(event.what)));
        if (event.what == migrate::IndexEvent::What::Created) {
            out.append("ms", event.ms);
            out.append("bytes", event.bytes);
        }
        if (!event.detail.empty()) {
            out.append("detail", event.detail);
        }
        out.end();
    }

    Context& context_;
    bool dry_run_;
    MigrateView view_;
    migrate::Deployment deployment_;
    std::vector<migrate::IndexEvent> indexes_;
    std::vector<bson::Document> commands_;
    std::vector<bson::Document> outcomes_;
};

Result<std::vector<project::MigrationFile>> project_migrations(Context& context) {
    PLUMB_TRY(project, context.project());
    return project::load_migrations(project->migrations_directory());
}

Result<std::optional<int>> version_option(const std::string& text) {
    if (text.empty()) {
        return std::optional<int>{};
    }
    PLUMB_TRY(version, project::parse_version(text));
    return std::optional<int>{version};
}

// `up` does not go on over an edited or deleted file: what it would build on is not known.
Status refuse_problems(const std::vector<migrate::VersionStatus>& statuses) {
    for (const migrate::VersionStatus& each : statuses) {
        const bool applied =
            each.record != nullptr && each.record->state == migrate::State::Applied;
        if (applied && each.file != nullptr && !each.problem.empty()) {
            return fail(ErrorCode::ChecksumMismatch,
                        fmt::format("migration {}: {}; `plumb migrate run {}` shows the difference",
                                    project::version_text(each.version),
                                    each.problem,
                                    project::version_text(each.version)));
        }
    }
    return {};
}

}  // namespace

Result<ExitCode> run_one(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(version, project::parse_version(options.version));
    PLUMB_TRY(files, project_migrations(context));
    const auto file = std::find_if(files.begin(), files.end(), [version](const auto& each) {
        return each.version == version;
    });
    if (file == files.end()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("there is no migration {} in {}",
                                project::version_text(version),
                                (context.options.project / "migrations").string()));
    }
    PLUMB_TRY(session, Session::open(context, options));
    PLUMB_CHECK(session->apply(*file));
    return session->done();
}

Result<ExitCode> rollback_one(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(version, project::parse_version(options.version));
    PLUMB_TRY(session, Session::open(context, options));
    PLUMB_CHECK(session->revert(version));
    return session->done();
}

Result<ExitCode> run_up(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(to, version_option(options.to));
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(session, Session::open(context, options));
    PLUMB_TRY(records, migrate::read_ledger(session->deployment()));
    const auto statuses = migrate::compare(files, records);
    PLUMB_CHECK(refuse_problems(statuses));
    for (const migrate::VersionStatus& each : statuses) {
        if (!each.problem.empty()) {
            context.console().note(fmt::format("NOTE: migration {} ({}): {}",
                                               project::version_text(each.version),
                                               each.name,
                                               each.problem));
        }
    }
    const auto pending = migrate::pending(statuses, to);
    for (const project::MigrationFile* file : pending) {
        PLUMB_CHECK(session->apply(*file));
    }
    if (pending.empty() && !context.options.json) {
        context.console().out("nothing pending");
    }
    return session->done();
}

Result<ExitCode> run_down(Context& context, const MigrateOptions& options) {
    PLUMB_TRY(to, version_option(options.to));
    PLUMB_TRY(session, Session::open(context, options));
    PLUMB_TRY(records, migrate::read_ledger(session->deployment()));
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

}  // namespace plumb::cli
