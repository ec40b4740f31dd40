// SPDX-License-Identifier: GPL-3.0-or-later
// What an index is, as the catalog keeps it and as everybody above reads it.
//
// Threads  a value type, constant once it is in a CollectionState.
#pragma once

#include "bson/document.h"
#include "bson/index_key.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::storage {

// The kind of key that an index holds.
enum class IndexKind : std::uint8_t { Ordered, Hashed };

// An index's definition. Fields that stand at their default are absent from listIndexes.
struct IndexSpec {
    std::string name;
    bson::Document key;  // {user_id: 1, delivery_date: -1}, as it was given
    IndexKind kind = IndexKind::Ordered;
    bool unique = false;
    bool sparse = false;
    bool hidden = false;
    std::optional<bson::Document> partial;            // partialFilterExpression
    std::optional<bson::Value> expire_after_seconds;  // as given: its number type is kept
    // The whole specification as listIndexes prints it, without `ns`: {v, unique?, key, name, …}.
    bson::Document listed;
};

// What the successive states of one index share, so that a cursor can tell that it was planned from
// a state which no longer holds for its snapshot. Threads: from any thread.
struct IndexLife {
    std::atomic<std::uint32_t> multikey_changes{0};
    std::uint64_t born = 0;  // moment of its build's commit; older snapshots must not use it
};

// An index of a collection: definition and what storage learned of its contents.
struct IndexState {
    IndexSpec spec;
    bson::KeyPattern pattern;  // parsed from spec.key
    // For each field of the key: the components of its path, counted from 0, that were arrays in
    // some document (MongoDB's "multikeyPaths"); all empty while the index is not multikey.
    std::vector<std::vector<std::uint32_t>> multikey_paths;
    bool multikey = false;
    std::string table;                  // the WiredTiger table's uri
    std::uint32_t number = 0;           // distinguishes all tables of the directory
    std::shared_ptr<IndexLife> life;    // owners: the states of this index; null only in tests
    std::uint32_t multikey_change = 0;  // life->multikey_changes when this state was made

    [[nodiscard]] bool is_id() const { return spec.name == "_id_"; }
    // No two documents share a key; entries are laid out accordingly.
    [[nodiscard]] bool has_unique_keys() const { return spec.unique || is_id(); }
};

}  // namespace plumb::storage
