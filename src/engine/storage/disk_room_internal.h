// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the disk has room for more: some is kept free, so that journal and checkpoints never meet
// a full disk, which WiredTiger could not go on after.
//
//   room.look();                     // from time to time
//   PLUMB_CHECK(room.check());       // before a write that makes the data grow
//
// Threads  from any thread.
#pragma once

#include "base/result.h"

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace plumb::storage {

class DiskRoom {
  public:
    // Kept free: more than writes at full speed fill between two looks, and a checkpoint besides.
    static constexpr std::int64_t kBytesKeptFree = 64LL * 1024 * 1024;

    explicit DiskRoom(std::filesystem::path directory) : directory_(std::move(directory)) {}

    // Asks the system. A disk that cannot be asked counts as one with room: what is wrong with it
    // shows when it is written to.
    void look();

    //   errors  OutOfDiskSpace naming the directory, until look() finds room again
    [[nodiscard]] Status check() const {
        return free_bytes_.load(std::memory_order_relaxed) >= kBytesKeptFree ? Status{} : refusal();
    }

  private:
    [[nodiscard]] Status refusal() const;

    std::filesystem::path directory_;
    std::atomic<std::int64_t> free_bytes_{kBytesKeptFree};
};

}  // namespace plumb::storage
