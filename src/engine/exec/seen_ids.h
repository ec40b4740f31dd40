// SPDX-License-Identifier: GPL-3.0-or-later
// Record ids that were given already: an index of arrays, and an $or, lead to a record many times.
//
// Threads  one thread.
#pragma once

#include "engine/storage/ids.h"

#include <cstdint>
#include <unordered_set>

namespace plumb::exec {

class SeenIds {
  public:
    // True the first time.
    [[nodiscard]] bool add(storage::RecordId id) {
        ++tested_;
        const bool fresh = ids_.insert(id.number()).second;
        dropped_ += fresh ? 0 : 1;
        return fresh;
    }
    [[nodiscard]] std::int64_t tested() const { return tested_; }
    [[nodiscard]] std::int64_t dropped() const { return dropped_; }

  private:
    std::unordered_set<std::int64_t> ids_;
    std::int64_t tested_ = 0;
    std::int64_t dropped_ = 0;
};

}  // namespace plumb::exec
