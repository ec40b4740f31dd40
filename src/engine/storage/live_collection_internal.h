// SPDX-License-Identifier: GPL-3.0-or-later
// A collection as it lives in memory: its gate, its counters, and what its writers need now.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "bson/index_key.h"
#include "engine/storage/capped_internal.h"
#include "engine/storage/collection_gate_internal.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/ids.h"
#include "engine/storage/predicate.h"
#include "engine/storage/session_internal.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace plumb::storage {

class Catalog;
class SideLog;

// How the keys of one index are made; constant.
struct IndexMaker {
    std::shared_ptr<const IndexState> state;      // second owner: the collection's state
    std::shared_ptr<const bson::KeyMaker> maker;  // shared by successive states of the index
    std::shared_ptr<const Predicate> partial;     // the same; null if the index is not partial

    // All keys of `document` for this index; none if the filter of a partial index refuses it.
    [[nodiscard]] Status make(bson::View document, bson::MadeKeys& out) const;
};

// What a writer works with; a change makes a new one.
struct WriteView {
    CollectionStatePtr state;
    std::vector<IndexMaker> indexes;    // in the order of state->indexes
    std::shared_ptr<SideLog> side_log;  // of a running index build; second owner: the build
};
using WriteViewPtr = std::shared_ptr<const WriteView>;

// Reads the key patterns and filters of a state. errors: those of the predicate factory
[[nodiscard]] Result<WriteViewPtr> make_write_view(CollectionStatePtr state,
                                                   const PredicateFactory& predicates);

class LiveCollection {
  public:
    LiveCollection(Catalog& owner, WriteViewPtr view)
        : catalog(owner), capped(Capped::of(*view->state)), view_(std::move(view)) {}

    Catalog& catalog;
    // Null if the collection is not capped; a collection stays what it is made as.
    const std::shared_ptr<Capped> capped;

    CollectionGate gate;
    // One index build at a time.
    std::mutex build_mutex;

    [[nodiscard]] WriteViewPtr view() const;
    void set_view(WriteViewPtr view);
    [[nodiscard]] CollectionStatePtr state() const { return view()->state; }

    // Set under enter_alone(): whoever found it before looks again.
    std::atomic<bool> is_dropped{false};

    // The next record id. Reads the table's last key the first time.
    [[nodiscard]] Result<RecordId> next_record_id(SessionHandle& session);
    // The lowest record id that was never given out; 0 while nobody has asked for one.
    [[nodiscard]] std::int64_t record_id_end() const {
        return next_record_id_.load(std::memory_order_relaxed);
    }

    void add_to_counters(std::int64_t documents, std::int64_t bytes);
    void set_counters(std::int64_t documents, std::int64_t bytes);
    [[nodiscard]] std::int64_t document_count() const {
        return documents_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t data_bytes() const { return bytes_.load(std::memory_order_relaxed); }
    // At least this record id comes next (what the size storer remembered).
    void set_record_id_floor(std::int64_t floor) { record_id_floor_ = floor; }

  private:
    mutable std::mutex view_mutex_;
    WriteViewPtr view_;
    std::mutex record_id_mutex_;
    std::atomic<std::int64_t> next_record_id_{0};
    std::int64_t record_id_floor_ = 1;
    std::atomic<std::int64_t> documents_{0};
    std::atomic<std::int64_t> bytes_{0};
};

}  // namespace plumb::storage
