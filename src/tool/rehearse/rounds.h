// SPDX-License-Identifier: GPL-3.0-or-later
// The migrations forwards, back, and forwards again on the scratch engine.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/run.h"
#include "tool/rehearse/rehearse.h"

#include <vector>

namespace plumb::rehearse {

class Rounds {
  public:
    // Lines for `files` are added to `out`, which outlives this.
    Rounds(const Inputs& inputs,
           Scratch& scratch,
           std::vector<const project::MigrationFile*> files,
           Rehearsal& out);

    // Applies all; stops at the first that fails, which is in out.failures then. True if all were
    // applied.
    //   errors  Interrupted
    [[nodiscard]] Result<bool> up();
    // Takes all back, the last one first.
    [[nodiscard]] Result<bool> down();
    // Applies all again, and once more, which must find nothing to do.
    [[nodiscard]] Result<bool> again();

    // Indexes that up() built, in its order.
    [[nodiscard]] const std::vector<migrate::IndexEvent>& built() const { return built_; }

  private:
    [[nodiscard]] migrate::Deployment deployment();
    // Records a failure; the error itself if it is Ctrl-C.
    [[nodiscard]] Status failed(std::string_view what,
                                const project::MigrationFile& file,
                                const Error& error);
    void hear(const migrate::Event& event);
    void add_builds(std::int64_t version);
    [[nodiscard]] MigrationLine& line_of(const project::MigrationFile& file);

    const Inputs& inputs_;
    Scratch& scratch_;
    std::vector<const project::MigrationFile*> files_;
    Rehearsal& out_;
    bool listening_ = false;
    std::vector<migrate::IndexEvent> heard_;  // of the migration that runs
    std::vector<migrate::IndexEvent> built_;
};

}  // namespace plumb::rehearse
