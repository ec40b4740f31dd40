// SPDX-License-Identifier: GPL-3.0-or-later
// The events of a migration as lines for people.
//
// Threads  one thread.
#pragma once

#include "cli/console.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/run.h"

namespace plumb::cli {

class MigrateView {
  public:
    // `silent`: only progress and notes, for --json.
    MigrateView(Console& console, bool silent, bool dry_run)
        : console_(console), silent_(silent), dry_run_(dry_run) {}

    void show(const migrate::Event& event);

    // The closing lines of one migration.
    void show(const migrate::Outcome& outcome, migrate::Direction direction);

  private:
    void on(const migrate::Started& event);
    void on(const migrate::OperationStarted& event);
    void on(const migrate::IndexEvent& event);
    void on(const migrate::StepEvent& event);
    void on(const migrate::Progress& event);
    void on(const migrate::Note& event);
    void on(const migrate::WouldSend& event);
    void line(std::string_view text);

    Console& console_;
    bool silent_;
    bool dry_run_;
};

}  // namespace plumb::cli
