// SPDX-License-Identifier: GPL-3.0-or-later
// Deletes expired documents: those whose date in the field of a TTL index lies more than the
// index's seconds in the past. An array counts by its earliest date; what is no date never expires.
//
// Every ttlMonitorSleepSecs it goes over all TTL indexes, finds the expired documents by the index
// (those outside of a partial index are not in it) and deletes them in batches, as a delete command
// would. currentOp shows it as TTLMonitor.
//
// Source   MongoDB manual, "TTL Indexes"
// Threads  its own; run_pass() from any one at a time.
#pragma once

#include "engine/commands/service_state.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace plumb::commands {

class TtlDeleter {
  public:
    // Starts the thread. `service` outlives this.
    explicit TtlDeleter(ServiceState& service);
    TtlDeleter(const TtlDeleter&) = delete;
    TtlDeleter& operator=(const TtlDeleter&) = delete;
    // Stops a pass that is running at its next document, and waits for it.
    ~TtlDeleter();

    // One pass over all TTL indexes.
    static void run_pass(ServiceState& service, const std::stop_token& stop);

  private:
    void work(const std::stop_token& stop);

    ServiceState& service_;
    std::mutex mutex_;
    std::condition_variable_any wakes_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace plumb::commands
