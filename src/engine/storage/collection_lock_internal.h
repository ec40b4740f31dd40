// SPDX-License-Identifier: GPL-3.0-or-later
// What a Collection handle holds: a place behind the gate, left when the last copy goes.
#pragma once

#include "engine/storage/collection.h"
#include "engine/storage/live_collection_internal.h"

#include <memory>

namespace plumb::storage {

// Threads: from any thread. The gate was entered by whoever makes one.
struct Collection::Lock {
    explicit Lock(std::shared_ptr<LiveCollection> entered) : live(std::move(entered)) {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();

    std::shared_ptr<LiveCollection> live;  // second owner: the catalog
};

}  // namespace plumb::storage
