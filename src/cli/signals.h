// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C and SIGTERM as an Interrupt.
//
// The first signal asks the command to stop, which rolls back what it has begun; the third ends the
// process at once.
//
// Threads  one object a process; signals are taken by a thread of its own, so nothing runs in a
//          signal handler.
#pragma once

#include "base/interrupt.h"

#include <atomic>
#include <thread>

namespace plumb::cli {

class InterruptOnSignals {
  public:
    // Must be made before any other thread: they inherit the blocked signals.
    explicit InterruptOnSignals(Interrupt& interrupt);
    InterruptOnSignals(const InterruptOnSignals&) = delete;
    InterruptOnSignals& operator=(const InterruptOnSignals&) = delete;
    ~InterruptOnSignals();

  private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace plumb::cli
