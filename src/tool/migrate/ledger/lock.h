// SPDX-License-Identifier: GPL-3.0-or-later
// One runner a database: a lease in `_plumb_lock` that a heartbeat renews, with a fencing number
// that grows with each holder, so that one who slept past his lease is recognised and stopped.
//
//   PLUMB_TRY(lock, Lock::acquire(deployment, runner));
//   PLUMB_CHECK(lock->check());         // LockHeld once it is lost
//
// Format   {_id: "migration", holder: {host, machine, process_id, process_start, run, tool} or
// null,
//          fence, acquired_at, expires_at}; times by the server's clock ($$NOW), by ours where the
//          server has no pipeline updates.
// Threads  check() and fence() from any thread.
#pragma once

#include "base/result.h"
#include "tool/migrate/deployment/deployment.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace plumb::migrate {

inline constexpr std::string_view kLockCollection = "_plumb_lock";
inline constexpr std::chrono::seconds kLease{30};
inline constexpr std::chrono::seconds kHeartbeatEvery{5};

// Who holds the lock, as the database says.
struct Holder {
    Runner runner;
    std::string tool;
    std::int64_t fence = 0;
    std::int64_t acquired_ms = 0;
    std::int64_t expires_ms = 0;
};

class Lock {
  public:
    // Takes the lock, also from a holder whose lease is over or whose process is known to be dead.
    //   errors  LockHeld naming the holder
    [[nodiscard]] static Result<std::unique_ptr<Lock>> acquire(const Deployment& deployment,
                                                               const Runner& runner);
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    // Stops the heartbeat and gives the lock back if it is still ours.
    ~Lock();

    [[nodiscard]] std::int64_t fence() const { return fence_; }

    // Ok while the lease is ours, by what the last renewal said. errors: LockHeld
    [[nodiscard]] Status check() const;

    // The holder now; nothing if nobody holds it.
    [[nodiscard]] static Result<std::optional<Holder>> look(client::Client& client,
                                                            std::string_view database);

    // Takes the lock away from whoever has it. The one who had it stops at his next ledger write.
    [[nodiscard]] static Status break_lock(client::Client& client, std::string_view database);

    Lock(const Deployment& deployment, const Runner& runner, std::int64_t fence, bool server_clock);

  private:
    void beat(client::Client& client);
    void heartbeat_loop();

    const Deployment& deployment_;
    std::string run_;
    std::int64_t fence_;
    bool server_clock_;
    std::atomic<bool> lost_{false};
    std::atomic<std::int64_t> good_until_ns_;  // on the monotonic clock
    std::mutex mutex_;
    std::condition_variable stop_changed_;
    bool stop_ = false;
    std::thread heartbeat_;
};

}  // namespace plumb::migrate
