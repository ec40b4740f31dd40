// SPDX-License-Identifier: GPL-3.0-or-later
// A capped collection in memory: its limits, and whose turn it is to write.
//
// Threads  from any thread; what is between take_turn() and give_turn() from one.
#pragma once

#include "base/result.h"
#include "engine/storage/capped.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/ids.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

namespace plumb::storage {

class Capped {
  public:
    // Null if the collection is not capped.
    [[nodiscard]] static std::shared_ptr<Capped> of(const CollectionState& state);

    // Waits a moment for the transaction that writes now.
    //   errors  WriteConflict if it takes longer: roll back and try again
    [[nodiscard]] Status take_turn();
    // The transaction that had the turn has ended.
    void give_turn(bool committed, bool brought_documents);

    [[nodiscard]] bool is_over(std::int64_t documents, std::int64_t bytes) const {
        return bytes > bytes_max_ || (documents_max_ > 0 && documents > documents_max_);
    }
    [[nodiscard]] std::int64_t bytes_max() const { return bytes_max_; }
    [[nodiscard]] const std::shared_ptr<CappedNews>& news() const { return news_; }

    // Where the oldest record may be found: everything before it has been removed. Saves walking
    // over what removed records leave behind. requires the turn
    [[nodiscard]] RecordId oldest() const { return RecordId{pending_oldest_}; }
    void set_oldest(RecordId id) { pending_oldest_ = id.number(); }

  private:
    Capped(std::int64_t bytes_max, std::int64_t documents_max)
        : bytes_max_(bytes_max), documents_max_(documents_max) {}

    const std::int64_t bytes_max_;
    const std::int64_t documents_max_;  // 0: no limit
    const std::shared_ptr<CappedNews> news_ = std::make_shared<CappedNews>();
    std::mutex mutex_;
    std::condition_variable changed_;
    bool taken_ = false;
    std::int64_t oldest_ = 0;          // as committed
    std::int64_t pending_oldest_ = 0;  // as the transaction that has the turn sees it
};

}  // namespace plumb::storage
