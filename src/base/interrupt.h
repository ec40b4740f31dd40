// SPDX-License-Identifier: GPL-3.0-or-later
// How an operation is told to stop: killOp, maxTimeMS, Ctrl-C, shutdown. Each loop over data asks.
//
//   PLUMB_CHECK(interrupt.check());   // Interrupted, MaxTimeMSExpired or InterruptedAtShutdown
//
// Threads  kill() from any thread, check() from the operation's own.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <atomic>
#include <chrono>
#include <optional>

namespace plumb {

class Interrupt {
  public:
    explicit Interrupt(const Clock& clock) : clock_(clock) {}

    // The operation fails with `code` at its next check. The first reason wins.
    void kill(ErrorCode code);

    // The operation fails with MaxTimeMSExpired once this much time has passed from now.
    void set_deadline_after(std::chrono::milliseconds limit);

    // Cheap: one atomic load, and the clock only on each 64th call when there is a deadline.
    [[nodiscard]] Status check();
    // The same, with a look at the clock each time: for loops that sleep between two checks.
    [[nodiscard]] Status check_now();

    [[nodiscard]] bool killed() const { return reason_.load(std::memory_order_relaxed) != 0; }

  private:
    [[nodiscard]] Status failed_with(ErrorCode code) const;

    const Clock& clock_;
    std::atomic<std::int32_t> reason_{0};
    std::optional<std::chrono::nanoseconds> deadline_;
    unsigned calls_ = 0;
};

}  // namespace plumb
