// SPDX-License-Identifier: GPL-3.0-or-later
// Changes the entries of all indexes for one document, as far as its keys changed.
//
//   IndexWriter writer{session, *view, id};
//   PLUMB_CHECK(writer.change(before_keys, after_keys, cost));
//
// When a key is already taken, the entries changed so far are put back as they were.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/storage/collection.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/session_internal.h"

#include <vector>

namespace plumb::storage {

class IndexWriter {
  public:
    IndexWriter(SessionHandle& session, const WriteView& view, RecordId id)
        : session_(session), view_(view), id_(id) {}

    // One MadeKeys for each index in both; keys that are in both stay.
    //   errors  DuplicateKey (everything put back), WriteConflict and others (roll back)
    [[nodiscard]] Status change(const std::vector<bson::MadeKeys>& before,
                                const std::vector<bson::MadeKeys>& after,
                                WriteCost& cost);

  private:
    enum class Action : std::uint8_t { Removed, Inserted, Retyped };
    struct Done {
        std::size_t index;
        Action action;
        const bson::MadeKey* key;  // in `before` or `after`; for Retyped the old one
    };
    [[nodiscard]] Status remove_gone(std::size_t index,
                                     const bson::MadeKeys& before,
                                     const bson::MadeKeys& after);
    [[nodiscard]] Status insert_new(std::size_t index,
                                    const bson::MadeKeys& before,
                                    const bson::MadeKeys& after);
    [[nodiscard]] Status put(std::size_t index, const bson::MadeKey& key);
    [[nodiscard]] Status replace(std::size_t index, const bson::MadeKey& key);
    [[nodiscard]] Status take_away(std::size_t index, const bson::MadeKey& key);
    [[nodiscard]] Status put_back();
    [[nodiscard]] Result<WtCursor> cursor_on(const IndexState& index);

    SessionHandle& session_;
    const WriteView& view_;
    RecordId id_;
    EntryBytes entry_;
    std::vector<Done> done_;
};

}  // namespace plumb::storage
