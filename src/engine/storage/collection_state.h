// SPDX-License-Identifier: GPL-3.0-or-later
// What the catalog knows of one collection at one moment. A change makes a new state; operations
// that began with the old one keep it.
//
// Threads  constant after construction; shared by all operations that use it (hence shared_ptr).
#pragma once

#include "bson/document.h"
#include "engine/storage/index_spec.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plumb::storage {

// Sixteen random bytes that name a collection for ever, as MongoDB's `info.uuid` (subtype 4).
struct CollectionUuid {
    std::string bytes;
};

struct CollectionState {
    std::string ns;  // "shop.orders"
    CollectionUuid uuid;
    bson::Document options;  // create's: validator, validationLevel, capped, viewOn …
    std::vector<std::shared_ptr<const IndexState>> indexes;  // _id_ first, then by age
    std::string table;         // the record table's uri; empty for a view
    std::uint32_t number = 0;  // the catalog's key; distinguishes all tables

    [[nodiscard]] bool is_view() const { return options.has("viewOn"); }
    // Its size is bounded: the oldest documents go when new ones come (capped.h).
    [[nodiscard]] bool is_capped() const;
    [[nodiscard]] std::string_view database() const {
        return std::string_view{ns}.substr(0, ns.find('.'));
    }
    [[nodiscard]] std::string_view name() const {
        return std::string_view{ns}.substr(ns.find('.') + 1);
    }
    [[nodiscard]] std::shared_ptr<const IndexState> find_index(std::string_view index_name) const;
};

using CollectionStatePtr = std::shared_ptr<const CollectionState>;

}  // namespace plumb::storage
