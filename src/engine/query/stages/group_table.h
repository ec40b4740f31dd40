// SPDX-License-Identifier: GPL-3.0-or-later
// Groups by their id: a hash table over flat memory, so that finding a known group costs a hash and
// a comparison and allocates nothing.
//
// Memory   ids and states lie in one arena; what accumulators keep goes there too
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "bson/value.h"

#include <cstdint>
#include <vector>

namespace plumb::query {

class GroupTable {
  public:
    explicit GroupTable(std::size_t state_bytes) : state_bytes_(state_bytes) {}

    struct Found {
        char* states;
        bool is_new;  // the states are bytes that nobody started yet
    };
    [[nodiscard]] Found find_or_add(bson::ValueView id);

    [[nodiscard]] std::size_t count() const { return groups_.size(); }
    // In the order in which they were added.
    [[nodiscard]] bson::ValueView id(std::size_t group) const { return groups_[group].id; }
    [[nodiscard]] char* states(std::size_t group) { return groups_[group].states; }

    [[nodiscard]] Arena& memory() { return memory_; }
    [[nodiscard]] std::int64_t bytes_used() const;
    void clear();

  private:
    struct Group {
        bson::ValueView id;
        char* states;
        std::uint64_t hash;
    };
    void grow();

    std::size_t state_bytes_;
    Arena memory_;
    std::vector<Group> groups_;
    std::vector<std::uint32_t> slots_;  // group + 1; 0 for free
};

}  // namespace plumb::query
