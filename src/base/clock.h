// SPDX-License-Identifier: GPL-3.0-or-later
// Time as a seam: whoever needs the time is handed a Clock, so that tests can turn it.
//
// Threads  from any thread.
#pragma once

#include <atomic>
#include <chrono>

namespace plumb {

class Clock {
  public:
    virtual ~Clock() = default;

    // Wall time since the Unix epoch.
    [[nodiscard]] virtual std::chrono::milliseconds now() const = 0;

    // A time that never goes back, for durations and deadlines; its zero means nothing.
    [[nodiscard]] virtual std::chrono::nanoseconds monotonic() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] std::chrono::milliseconds now() const override;
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override;
};

// A clock that stands until it is told to move.
class FakeClock final : public Clock {
  public:
    explicit FakeClock(std::chrono::milliseconds start) : now_ms_(start.count()) {}
    void advance(std::chrono::milliseconds by) { now_ms_ += by.count(); }
    [[nodiscard]] std::chrono::milliseconds now() const override;
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override;

  private:
    std::atomic<std::chrono::milliseconds::rep> now_ms_;
};

}  // namespace plumb
