// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes of single documents, with all indexes kept in step.
//
// Documents are stored as they are given: whoever calls has put `_id` first and checked sizes.
//
// A write that fails with DuplicateKey or CannotIndexParallelArrays has changed nothing: the
// transaction goes on with the next document or rolls back, as its owner likes. After any other
// error it must be rolled back.
//
// Writes use the indexes as they are at the moment of the write, also those built since this handle
// was taken; an index build holds writes off only for moments.
//
// Threads  const functions may run at once, each with its own transaction.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/ids.h"
#include "engine/storage/transaction.h"

#include <cstdint>
#include <memory>
#include <string>

namespace plumb::storage {

class CappedNews;  // storage/capped.h
class EngineImpl;

// How much work a write was, for explain and the profiler.
struct WriteCost {
    std::int64_t keys_inserted = 0;
    std::int64_t keys_deleted = 0;
};

// A collection that stays usable while this lives: drop and index changes wait for it.
class Collection {
  public:
    [[nodiscard]] const CollectionState& state() const { return *state_; }
    [[nodiscard]] CollectionStatePtr shared_state() const { return state_; }

    // errors (of the three)  DuplicateKey with details {keyPattern, keyValue};
    //         CannotIndexParallelArrays; WriteConflict; OutOfDiskSpace
    //         of a capped collection: BadValue for a document larger than all of it; 10003 for an
    //         update that changes a document's size
    [[nodiscard]] Result<RecordId> insert(Transaction& transaction,
                                          bson::View document,
                                          WriteCost* cost = nullptr) const;
    // `before` is the stored document of `id` as this transaction sees it.
    [[nodiscard]] Status update(Transaction& transaction,
                                RecordId id,
                                bson::View before,
                                bson::View after,
                                WriteCost* cost = nullptr) const;
    [[nodiscard]] Status remove(Transaction& transaction,
                                RecordId id,
                                bson::View document,
                                WriteCost* cost = nullptr) const;

    // The stored document of a record id, into `out` (owned by the caller); NotFound is `false`.
    [[nodiscard]] Result<bool> read(Transaction& transaction, RecordId id, std::string& out) const;

    // Documents and their bytes, counted as they are written; exact after a clean shutdown and
    // corrected by a scan when the engine opens after a crash.
    [[nodiscard]] std::int64_t document_count() const;
    [[nodiscard]] std::int64_t data_bytes() const;

    // By what one can wait for inserts; null if the collection is not capped.
    [[nodiscard]] std::shared_ptr<CappedNews> capped_news() const;

  private:
    friend class EngineImpl;
    struct Lock;
    Collection(CollectionStatePtr state, std::shared_ptr<Lock> lock);
    CollectionStatePtr state_;
    std::shared_ptr<Lock> lock_;  // second owner: none; shared_ptr only hides the type
};

}  // namespace plumb::storage
