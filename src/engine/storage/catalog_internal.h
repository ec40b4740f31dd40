// SPDX-License-Identifier: GPL-3.0-or-later
// All collections: the table that keeps them, and the map by which operations find them.
//
// Threads  find() and states() from any thread. Whoever changes something holds `changes`, and
//          takes a collection's gate before it, never after.
#pragma once

#include "base/result.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/predicate.h"
#include "engine/storage/session_pool_internal.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::storage {

class Catalog {
  public:
    Catalog(SessionPool& pool, PredicateFactory predicates)
        : pool_(pool), predicates_(std::move(predicates)) {}

    // Reads the table. errors: DataVersionMismatch, IoError
    [[nodiscard]] Status load();

    [[nodiscard]] std::shared_ptr<LiveCollection> find(std::string_view ns) const;
    [[nodiscard]] std::vector<std::shared_ptr<LiveCollection>> all() const;  // sorted by namespace
    // The uris that some collection uses.
    [[nodiscard]] std::vector<std::string> tables_in_use() const;

    std::mutex changes;

    // A number for a new table. requires `changes`
    [[nodiscard]] std::uint32_t take_number() { return next_number_++; }

    // Each writes the table and waits for the journal, then changes what operations see.
    //   requires `changes`
    [[nodiscard]] Result<CollectionStatePtr> add(CollectionState state);
    [[nodiscard]] Status replace(LiveCollection& live, CollectionState state);
    // `target` may be null; else it disappears in the same step.
    [[nodiscard]] Status rename(const std::shared_ptr<LiveCollection>& live,
                                CollectionState state,
                                const std::shared_ptr<LiveCollection>& target);
    [[nodiscard]] Status remove(const std::shared_ptr<LiveCollection>& live);

    // From now on writers note their keys for a running build there; null ends that.
    //   requires `changes`, and the gate closed to writers
    static void set_side_log(LiveCollection& live, std::shared_ptr<SideLog> side_log);

    // Makes an index multikey on (at least) the paths of `keys`, before such keys are written, so
    // that nobody plans with the bounds of a plain index. Not to be undone if the write is.
    [[nodiscard]] Status widen_multikey(LiveCollection& live,
                                        std::uint32_t index_number,
                                        const bson::MadeKeys& keys);

  private:
    [[nodiscard]] Status write_record(Transaction& transaction, const CollectionState& state);
    [[nodiscard]] Status write_next_number(Transaction& transaction);
    [[nodiscard]] Status erase_record(Transaction& transaction, std::uint32_t number);
    [[nodiscard]] Status load_record(std::int64_t key, bson::View record);

    SessionPool& pool_;
    PredicateFactory predicates_;
    std::uint32_t next_number_ = 0;
    mutable std::shared_mutex map_mutex_;
    std::map<std::string, std::shared_ptr<LiveCollection>, std::less<>> map_;
};

}  // namespace plumb::storage
