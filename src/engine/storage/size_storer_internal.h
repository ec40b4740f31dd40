// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the collections' counters over a restart.
//
// They are written with each checkpoint and at the end. Only the end says "clean": opened without
// that word, the counters may be behind the data and are counted anew.
//
// Format   docs/formats/data_directory.md "Sizes"
// Threads  one call at a time.
#pragma once

#include "base/result.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/session_pool_internal.h"

#include <map>
#include <memory>
#include <vector>

namespace plumb::storage {

using LiveCollections = std::vector<std::shared_ptr<LiveCollection>>;

class SizeStorer {
  public:
    explicit SizeStorer(SessionPool& pool) : pool_(pool) {}

    // Sets the counters of all collections, by a scan of each if the last end was not clean.
    [[nodiscard]] Status load(const LiveCollections& collections);

    // Writes what changed since the last time; `clean` at the end only.
    [[nodiscard]] Status flush(const LiveCollections& collections, bool clean);

  private:
    struct Sizes {
        std::int64_t documents = 0;
        std::int64_t bytes = 0;
        std::int64_t record_id_end = 0;
        bool operator==(const Sizes&) const = default;
    };
    [[nodiscard]] Result<bool> read_all();
    [[nodiscard]] Status count_by_scan(LiveCollection& live);

    SessionPool& pool_;
    std::map<std::int64_t, Sizes> stored_;  // by collection number, as they stand in the table
};

}  // namespace plumb::storage
