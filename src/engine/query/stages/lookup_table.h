// SPDX-License-Identifier: GPL-3.0-or-later
// The other side of a $lookup that no index serves: read once, kept in memory, found by hash.
//
// Documents are found by the keys that an index on the field would hold, and then matched by the
// whole filter: so a table answers as an index does, arrays and nulls included.
//
// Memory   the documents and their keys, at most what begin() is told; a larger collection is no
// table Threads  one thread.
#pragma once

#include "base/arena.h"
#include "base/interrupt.h"
#include "bson/index_key.h"
#include "engine/query/stage.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumb::query {

class LookupTable {
  public:
    // Reads all of `documents`. Nothing if they take more than `memory_bytes`.
    [[nodiscard]] static Result<std::optional<LookupTable>> read(DocumentSource& documents,
                                                                 std::string_view field,
                                                                 std::int64_t memory_bytes,
                                                                 Interrupt* interrupt);

    // The documents that match `filter`, which asks the table's field to be equal to one of
    // `values`, in the order in which they were read. The source is valid as long as the table.
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> find(
        bson::View filter, const std::vector<bson::ValueView>& values) const;

  private:
    using Numbers = std::vector<std::uint32_t>;

    explicit LookupTable(bson::KeyMaker maker) : maker_(std::move(maker)) {}
    [[nodiscard]] Status add(bson::View document);
    // The numbers of all documents that could be equal to one of `values`, rising.
    [[nodiscard]] Numbers candidates(const std::vector<bson::ValueView>& values) const;

    bson::KeyMaker maker_;
    Arena arena_;
    std::vector<bson::View> documents_;                     // in the arena
    std::unordered_map<std::string_view, Numbers> by_key_;  // keys in the arena
    bson::MadeKeys keys_;                                   // reused
};

}  // namespace plumb::query
