// SPDX-License-Identifier: GPL-3.0-or-later
// What the sub-commands of `plumb migrate` share: the deployment, who listens, and what came out.
//
//   PLUMB_TRY(session, MigrateSession::open(context, options));
//   PLUMB_CHECK(session->apply(file));
//   return session->done();
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "cli/migrate_run.h"
#include "cli/migrate_view.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/index/database_facts.h"
#include "tool/migrate/run.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::cli {

class MigrateSession {
  public:
    // Connects. errors: as Context::client(); UsageError for options that are none
    [[nodiscard]] static Result<std::unique_ptr<MigrateSession>> open(
        Context& context, const MigrateOptions& options);

    MigrateSession(Context& context,
                   const MigrateOptions& options,
                   client::Client& client,
                   const std::string& database,
                   const migrate::RunOptions& run_options);

    [[nodiscard]] const migrate::Deployment& deployment() const { return deployment_; }

    // Runs (or with --dry-run shows) one migration, and says how it went.
    //   errors  RefusedForSafety outside the window; as migrate::apply and revert
    [[nodiscard]] Status apply(const project::MigrationFile& file);
    [[nodiscard]] Status revert(int version);

    // With --json: all outcomes as one document.
    ExitCode done();

    // errors  RefusedForSafety outside the window
    [[nodiscard]] Status check_window() const;

  private:
    [[nodiscard]] Status show_forecasts(const project::MigrationFile& file);
    void hear(const migrate::Event& event);
    void finish(const migrate::Outcome& outcome, migrate::Direction direction);

    Context& context_;
    bool dry_run_;
    MigrateView view_;
    migrate::Deployment deployment_;
    std::vector<migrate::IndexEvent> indexes_;
    std::vector<migrate::StepEvent> steps_;
    std::vector<bson::Document> commands_;
    std::vector<bson::Document> forecasts_;
    std::vector<bson::Document> outcomes_;
};

// A deployment that listens to nothing but progress: for looking and for the ledger.
[[nodiscard]] Result<migrate::Deployment> looking_deployment(Context& context);

// All migrations of the project, in their order.
[[nodiscard]] Result<std::vector<project::MigrationFile>> project_migrations(Context& context);

// "" is nothing. errors: UsageError
[[nodiscard]] Result<std::optional<int>> version_option(const std::string& text);

// The options of a run from what was given. errors: UsageError
[[nodiscard]] Result<migrate::RunOptions> run_options_of(const MigrateOptions& options);

}  // namespace plumb::cli
