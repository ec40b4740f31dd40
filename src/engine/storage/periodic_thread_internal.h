// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that does something every so often until it is stopped.
//
// Threads  start() and stop() from one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace plumb::storage {

class PeriodicThread {
  public:
    PeriodicThread() = default;
    PeriodicThread(const PeriodicThread&) = delete;
    PeriodicThread& operator=(const PeriodicThread&) = delete;
    ~PeriodicThread() { stop(); }

    void start(std::chrono::milliseconds every, std::function<void()> work);
    // Waits for a running round to end.
    void stop();

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace plumb::storage
