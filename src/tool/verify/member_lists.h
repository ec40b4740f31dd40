// SPDX-License-Identifier: GPL-3.0-or-later
// The same indexes on every member? A build that went node by node may have missed one, and on a
// cluster a build can succeed on some shards only.
//
//   compare_members({{"a:1", {…}}, {"b:1", {…}}}, Spread::Copies);   // one entry a difference
//
// Source   MongoDB manual, "Find Inconsistent Indexes Across Shards"
// Threads  pure functions.
#pragma once

#include "tool/verify/verify.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace plumb::verify {

// The indexes of one member or shard.
struct MemberIndexes {
    std::string name;
    FoundIndexes indexes;
};

enum class Spread : std::uint8_t {
    Copies,  // members of a replica set: each holds every collection
    Shards,  // a shard without a collection holds none of its documents, and is right so
};

// What is not the same everywhere, by collection and name. Where definitions differ, the first
// member's is the one the others are held against.
[[nodiscard]] std::vector<Inconsistency> compare_members(std::span<const MemberIndexes> members,
                                                         Spread spread);

// Puts them into the report: lines get the mark Inconsistent and name the members; an index that
// only other members have gets a line of its own, unless the strategy ignores it.
void add_inconsistencies(Report& report,
                         const project::Strategy& strategy,
                         std::span<const MemberIndexes> members,
                         Spread spread);

}  // namespace plumb::verify
