// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate/session.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/forecast_view.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

namespace plumb::cli {
namespace {

using migrate::Direction;

constexpr std::string_view kTool = "plumb 0.1.0";

// Minutes since midnight, local time: windows are agreed on with people.
int minute_of_day(const Clock& clock) {
    const auto seconds = static_cast<std::time_t>(clock.now().count() / 1000);
    const std::tm local = fmt::localtime(seconds);
    return local.tm_hour * 60 + local.tm_min;
}

// A number, or the name of a write concern: the server's own and those of its configuration.
Status check_quorum(const std::string& text) {
    const bool good = std::all_of(text.begin(), text.end(), [](char each) {
        const auto byte = static_cast<unsigned char>(each);
        return std::isalnum(byte) != 0 || each == '_' || each == '-' || each == '.';
    });
    if (good) {
        return {};
    }
    return fail(ErrorCode::UsageError,
                fmt::format("'{}' is no commit quorum; write a number, majority, votingMembers or "
                            "the name of a write concern of the set",
                            text));
}

void append(bson::Builder& out, const migrate::IndexEvent& event) {
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

void append(bson::Builder& out, const migrate::StepEvent& event) {
    static constexpr std::array<std::string_view, 4> kWhat{"done", "exists", "undone", "kept"};
    out.push_document();
    out.append("collection", event.collection);
    out.append("what", kWhat.at(static_cast<std::size_t>(event.what)));
    out.append("text", event.text);
    if (event.documents >= 0) {
        out.append("documents", event.documents);
        out.append("batches", event.batches);
        out.append("left", event.left);
    }
    out.append("ms", event.ms);
    out.end();
}

void append_documents(bson::Builder& out,
                      std::string_view name,
                      const std::vector<bson::Document>& list) {
    out.begin_array(name);
    for (const bson::Document& each : list) {
        out.push(each);
    }
    out.end();
}

}  // namespace

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

Result<migrate::RunOptions> run_options_of(const MigrateOptions& options) {
    migrate::RunOptions out;
    out.throttle_per_second = options.throttle;
    if (!options.window.empty()) {
        PLUMB_TRY(window, migrate::parse_day_window(options.window));
        out.window = window;
    }
    if (!options.soak.empty()) {
        PLUMB_TRY(soak, migrate::parse_span(options.soak));
        out.soak = soak;
    }
    PLUMB_CHECK(check_quorum(options.commit_quorum));
    out.commit_quorum = options.commit_quorum;
    return out;
}

Result<migrate::Deployment> looking_deployment(Context& context) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    return migrate::Deployment{*client,
                               [&context] { return context.another_client(); },
                               database,
                               std::string{kTool},
                               context.clock(),
                               context.faults(),
                               context.interrupt(),
                               [&context](const migrate::Event& event) {
                                   const auto* progress = std::get_if<migrate::Progress>(&event);
                                   if (progress != nullptr && progress->done < 0) {
                                       context.console().progress_done();
                                   } else if (progress != nullptr) {
                                       context.console().progress(
                                           progress->label, progress->done, progress->total);
                                   }
                               }};
}

Result<std::unique_ptr<MigrateSession>> MigrateSession::open(Context& context,
                                                             const MigrateOptions& options) {
    PLUMB_TRY(run_options, run_options_of(options));
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    return std::make_unique<MigrateSession>(context, options, *client, database, run_options);
}

MigrateSession::MigrateSession(Context& context,
                               const MigrateOptions& options,
                               client::Client& client,
                               const std::string& database,
                               const migrate::RunOptions& run_options)
    : context_(context),
      dry_run_(options.dry_run),
      view_(context.console(), context.options.json, options.dry_run),
      deployment_{client,
                  [&context] { return context.another_client(); },
                  database,
                  std::string{kTool},
                  context.clock(),
                  context.faults(),
                  context.interrupt(),
                  [this](const migrate::Event& event) { hear(event); },
                  run_options} {}

Status MigrateSession::check_window() const {
    const auto& window = deployment_.options.window;
    const int minute = minute_of_day(context_.clock());
    if (!window.has_value() || dry_run_ || window->contains(minute)) {
        return {};
    }
    return fail(
        ErrorCode::RefusedForSafety,
        fmt::format("it is {:02}:{:02} and the window is {}; {} of the migrations ran",
                    minute / 60,
                    minute % 60,
                    window->to_string(),
                    outcomes_.empty() ? std::string{"none"} : fmt::format("{}", outcomes_.size())));
}

Status MigrateSession::apply(const project::MigrationFile& file) {
    PLUMB_CHECK(check_window());
    PLUMB_TRY(
        outcome,
        dry_run_ ? migrate::preview_apply(deployment_, file) : migrate::apply(deployment_, file));
    if (dry_run_) {
        PLUMB_CHECK(show_forecasts(file));
    }
    finish(outcome, Direction::Up);
    return {};
}

Status MigrateSession::revert(int version) {
    PLUMB_CHECK(check_window());
    PLUMB_TRY(outcome,
              dry_run_ ? migrate::preview_revert(deployment_, version)
                       : migrate::revert(deployment_, version));
    finish(outcome, Direction::Down);
    return {};
}

Status MigrateSession::show_forecasts(const project::MigrationFile& file) {
    migrate::DatabaseFacts facts{deployment_};
    for (const project::Operation& operation : file.up) {
        const auto* create = std::get_if<project::CreateIndexes>(&operation.body);
        if (create == nullptr) {
            continue;
        }
        PLUMB_TRY(existing, facts.indexes(operation.collection));
        const auto wanted = migrate::to_create(migrate::plan_indexes(create->indexes, *existing));
        if (wanted.empty()) {
            continue;
        }
        PLUMB_TRY(forecast, migrate::forecast_build(facts, operation.collection, wanted));
        if (!context_.options.json) {
            show(context_.console(), forecast);
        }
        forecasts_.push_back(to_bson(forecast));
    }
    return {};
}

ExitCode MigrateSession::done() {
    if (context_.options.json) {
        bson::Builder out;
        out.append("dryRun", dry_run_);
        append_documents(out, "migrations", outcomes_);
        context_.console().out(bson::to_json(out.finish()));
    }
    return ExitCode::Done;
}

void MigrateSession::hear(const migrate::Event& event) {
    view_.show(event);
    if (const auto* index = std::get_if<migrate::IndexEvent>(&event)) {
        indexes_.push_back(*index);
    } else if (const auto* step = std::get_if<migrate::StepEvent>(&event)) {
        steps_.push_back(*step);
    } else if (const auto* command = std::get_if<migrate::WouldSend>(&event)) {
        commands_.push_back(command->command);
    }
}

void MigrateSession::finish(const migrate::Outcome& outcome, Direction direction) {
    view_.show(outcome, direction);
    bson::Builder out;
    out.append("version", project::version_text(outcome.version));
    out.append("name", outcome.name);
    out.append("direction", direction == Direction::Up ? "up" : "down");
    out.append("created", outcome.created);
    out.append("existed", outcome.existed);
    out.append("dropped", outcome.dropped);
    out.append("steps", outcome.steps);
    out.append("documents", outcome.documents);
    out.append("left", outcome.left);
    out.append("ms", outcome.ms);
    out.append("resumed", outcome.resumed);
    out.append("nothingToDo", outcome.nothing_to_do);
    out.begin_array("indexes");
    for (const migrate::IndexEvent& each : indexes_) {
        append(out, each);
    }
    out.end();
    out.begin_array("operations");
    for (const migrate::StepEvent& each : steps_) {
        append(out, each);
    }
    out.end();
    if (dry_run_) {
        append_documents(out, "commands", commands_);
        append_documents(out, "forecast", forecasts_);
    }
    outcomes_.push_back(out.finish());
    indexes_.clear();
    steps_.clear();
    commands_.clear();
    forecasts_.clear();
}

}  // namespace plumb::cli
