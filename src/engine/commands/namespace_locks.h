// SPDX-License-Identifier: GPL-3.0-or-later
// One catalog change of a collection at a time: what createIndexes has checked stays true until it
// has built. Reads and writes of documents take no such lock.
//
//   PLUMB_TRY(guard, locks.lock("shop.orders", interrupt));
//
// Threads  from any thread. Taken before any lock of storage.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace plumb::commands {

class NamespaceLocks {
  public:
    // Holds the lock until it ends.
    class Guard {
      public:
        Guard(NamespaceLocks& locks, std::string ns) : locks_(&locks), ns_(std::move(ns)) {}
        Guard(Guard&& other) noexcept;
        Guard& operator=(Guard&&) = delete;
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        ~Guard();

      private:
        NamespaceLocks* locks_;  // null after a move; not owned
        std::string ns_;
    };

    // Waits for its turn. errors: the interrupt's
    [[nodiscard]] Result<Guard> lock(std::string_view ns, Interrupt& interrupt);

    // Whether the operation of this interrupt waits here now.
    [[nodiscard]] bool is_waiting(const Interrupt& interrupt) const;

  private:
    mutable std::mutex mutex_;
    std::condition_variable freed_;
    std::set<const Interrupt*> waiting_;  // not owned: each waits in lock()
    std::set<std::string, std::less<>> held_;
};

}  // namespace plumb::commands
