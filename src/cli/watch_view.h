// SPDX-License-Identifier: GPL-3.0-or-later
// A watch on the console: a line a sample, a small table that stays in place on a terminal, or JSON
// lines.
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "tool/watch/run.h"
#include "tool/watch/summary.h"

#include <cstddef>
#include <string>

namespace plumb::cli {

class WatchView {
  public:
    explicit WatchView(Context& context) : context_(context) {}

    void show(const watch::Heard& heard);
    // Leaves the table where it is: what follows stands below it.
    void finish() { table_lines_ = 0; }
    void show(const watch::Summary& summary);

  private:
    void show_events(const watch::Heard& heard);
    void show_table(const watch::Observer& observer);

    Context& context_;
    std::size_t table_lines_ = 0;
};

}  // namespace plumb::cli
