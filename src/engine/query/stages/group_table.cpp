// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/group_table.h"

#include "bson/compare.h"
#include "bson/hash.h"
#include "engine/query/expr/values.h"

namespace plumb::query {

namespace {

constexpr std::size_t kSlotsAtFirst = 64;

}  // namespace

std::int64_t GroupTable::bytes_used() const {
    return static_cast<std::int64_t>(memory_.bytes_held() + groups_.size() * sizeof(Group) +
                                     slots_.size() * sizeof(std::uint32_t));
}

void GroupTable::clear() {
    memory_ = Arena{};
    groups_.clear();
    slots_.clear();
}

void GroupTable::grow() {
    slots_.assign(slots_.empty() ? kSlotsAtFirst : slots_.size() * 2, 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
        std::size_t slot = groups_[group].hash & mask;
        while (slots_[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots_[slot] = static_cast<std::uint32_t>(group + 1);
    }
}

GroupTable::Found GroupTable::find_or_add(bson::ValueView id) {
    if (groups_.size() * 2 >= slots_.size()) {
        grow();
    }
    const std::uint64_t hash = bson::hash_value(id);
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        const Group& group = groups_[slots_[slot] - 1];
        if (group.hash == hash && (group.id.identical(id) || bson::equal(group.id, id))) {
            return {group.states, false};
        }
    }
    char* states = memory_.allocate(state_bytes_);
    groups_.push_back({copy_value(memory_, id), states, hash});
    slots_[slot] = static_cast<std::uint32_t>(groups_.size());
    return {states, true};
}

}  // namespace plumb::query
