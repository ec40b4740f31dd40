// SPDX-License-Identifier: GPL-3.0-or-later
// Capped collections: a bound on bytes, perhaps on documents too, kept by removing the oldest.
//
// An insert removes what no longer fits in its own transaction. Transactions that write to one
// capped collection follow each other, so that the order of record ids is the order of commits: a
// reader that has seen a record has seen all before it, and misses none that come later.
//
//   const std::uint64_t seen = news->count();        // before reading
//   … nothing there …
//   PLUMB_TRY(more, news->wait(seen, 1s, interrupt));  // true: read again
//
// Source   MongoDB manual, "Capped Collections"
// Threads  from any thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "engine/storage/collection_state.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace plumb::storage {

// How many bytes of documents a capped collection may hold: its option `size`, 4096 if that is 0.
[[nodiscard]] std::int64_t capped_bytes(const CollectionState& state);

class CappedNews {
  public:
    // How many transactions have brought documents so far.
    [[nodiscard]] std::uint64_t count() const;
    void announce();
    // Waits until there is more than `seen`: true; or until `limit` has passed: false. Holds no
    // snapshot and reads no disk.
    //   errors  what `interrupt` says, within 50 ms
    [[nodiscard]] Result<bool> wait(std::uint64_t seen,
                                    std::chrono::milliseconds limit,
                                    Interrupt& interrupt);

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
};

}  // namespace plumb::storage
