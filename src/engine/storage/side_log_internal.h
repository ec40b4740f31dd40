// SPDX-License-Identifier: GPL-3.0-or-later
// What writers leave for an index build that is under way: the keys that their writes add to and
// take from the indexes being built. They go into a table within the writer's own transaction, so
// they are there exactly if the write is; the build applies them after it has loaded what its scan
// saw.
//
// Order    by a number drawn at the write. Two writes of one record are ordered by their conflict
//          check: the later one draws after the earlier one has committed. Others may be in any
//          order.
// Format   docs/formats/data_directory.md "Side log"
// Threads  make() and write() from any thread, each with its own session.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/ids.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/session_internal.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::storage {

// Keys of a write, for each index of the build.
struct SideNote {
    std::vector<bson::MadeKeys> before;
    std::vector<bson::MadeKeys> after;
};

// One change of one index, as the side log holds it.
struct SideEntry {
    bool is_insert = false;
    std::uint32_t index = 0;  // place in the build's list
    RecordId id;
    std::string key;
    std::string type_bits;
};

class SideLog {
  public:
    // `indexes` are those being built; `number` and `uri` name the table, which exists.
    SideLog(std::uint32_t number, std::string uri, std::vector<IndexMaker> indexes);

    // The keys of a write; either document may be null.
    //   errors  CannotIndexParallelArrays: the write would not fit the index to come
    [[nodiscard]] Result<SideNote> make(const bson::View* before, const bson::View* after);
    [[nodiscard]] Status write(SessionHandle& session, RecordId id, const SideNote& note);

    // The build has failed: what writers still note goes nowhere, and its table may be gone.
    void abandon() { abandoned_.store(true, std::memory_order_release); }

    // Adds the multikey paths that writers have met to `index`, the one at this place.
    void add_multikey_to(std::size_t place, IndexState& index) const;

    // The highest number drawn so far.
    [[nodiscard]] std::int64_t last_number() const {
        return next_.load(std::memory_order_acquire) - 1;
    }

    [[nodiscard]] TableRef table() const { return {number_, uri_}; }

  private:
    [[nodiscard]] Status append(WtCursor& cursor, const SideEntry& entry);

    std::uint32_t number_;
    std::string uri_;
    std::vector<IndexMaker> indexes_;
    std::atomic<std::int64_t> next_{1};
    std::atomic<bool> abandoned_{false};
    mutable std::mutex multikey_mutex_;
    std::vector<IndexState> multikey_;  // only the paths are used
};

// Nothing if the bytes are no entry.
[[nodiscard]] std::optional<SideEntry> decode_side_entry(std::string_view bytes);
[[nodiscard]] std::string encode_side_entry(const SideEntry& entry);

}  // namespace plumb::storage
