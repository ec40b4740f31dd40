// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over the records and over the index entries of a collection, within one transaction.
//
// What a cursor shows (document, key) points into a storage page and is valid until the cursor's
// next call. save() lets go of the page and of the snapshot, restore() takes the place up again:
// the next call of next() gives what follows the last entry shown, also if that entry is gone.
//
// A cursor is saved or destroyed before its transaction ends or renews its snapshot. It may be
// restored with another transaction than the one it was opened with.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/collection_state.h"
#include "engine/storage/ids.h"
#include "engine/storage/transaction.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace plumb::storage {

enum class Direction : std::int8_t { Forward = 1, Backward = -1 };

struct Record {
    RecordId id;
    bson::View document;
};

class RecordCursor {
  public:
    [[nodiscard]] static Result<std::unique_ptr<RecordCursor>> open(
        Transaction& transaction, const CollectionState& collection, Direction direction);
    virtual ~RecordCursor() = default;

    // The next record in record id order; nothing at the end.
    [[nodiscard]] virtual Result<std::optional<Record>> next() = 0;
    // The record of this id; nothing if there is none. next() then goes on from there.
    [[nodiscard]] virtual Result<std::optional<Record>> seek(RecordId id) = 0;

    virtual void save() = 0;
    [[nodiscard]] virtual Status restore(Transaction& transaction) = 0;
};

struct IndexEntry {
    std::string_view key;        // key string (bson/index_key.h), without the record id
    std::string_view type_bits;  // with the key, what is needed to decode exact values
    RecordId id;
};

class IndexCursor {
  public:
    //   errors  WriteConflict if the index became multikey after `index` was read from the catalog,
    //           or was built after the transaction's snapshot: read the state and plan again
    [[nodiscard]] static Result<std::unique_ptr<IndexCursor>> open(Transaction& transaction,
                                                                   const IndexState& index,
                                                                   Direction direction);
    virtual ~IndexCursor() = default;

    // Forward: the first entry whose key is >= `position` as bytes; backward: the last one whose
    // key is < `position`. Positions are made of whole fields by bson::KeyString; with 0xFF
    // appended they mean "after all keys that begin like this". So to go backward from and
    // including the entries of key K, seek K followed by 0xFF.
    [[nodiscard]] virtual Result<std::optional<IndexEntry>> seek(std::string_view position) = 0;
    [[nodiscard]] virtual Result<std::optional<IndexEntry>> next() = 0;

    virtual void save() = 0;
    //   errors  QueryPlanKilled (175) if the index became multikey meanwhile
    [[nodiscard]] virtual Status restore(Transaction& transaction) = 0;
};

}  // namespace plumb::storage
