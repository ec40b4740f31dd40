// SPDX-License-Identifier: GPL-3.0-or-later
// Accumulators: $sum, $avg, $push … as $group and its kin run them. The state of one is a few bytes
// in the group's memory, so that a group is one piece of memory and a known group allocates
// nothing.
//
//   const AccumulatorRow* sum = find_accumulator("$sum");
//   sum->start(state);                              // sum->state_bytes bytes, aligned to 8
//   PLUMB_CHECK(sum->add(state, value, memory));    // memory: the arena that outlives the groups
//   bson::ValueView total = sum->result(state, arena);
//
// Source   MongoDB manual, "$group", "Accumulator Operator"
// Threads  a state is used by one thread.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/value.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace plumb::query {

struct AccumulatorRow {
    std::string_view name;
    std::size_t state_bytes = 0;
    void (*start)(char* state) = nullptr;
    // Takes one value in; Missing is a value too. errors: 40400 for a $mergeObjects of no document
    Status (*add)(char* state, bson::ValueView value, Arena& memory) = nullptr;
    // The outcome, in the state's memory or in `arena`; Missing if there is none. Ends the state.
    bson::ValueView (*result)(char* state, Arena& arena) = nullptr;
    // The state as a value, to be written to disk and merged later.
    void (*save)(char* state, bson::Builder& out, std::string_view name) = nullptr;
    // Takes in a saved state whose values came after those of this one.
    Status (*merge)(char* state, bson::ValueView saved, Arena& memory) = nullptr;
    std::string_view help;
    std::string_view difference = {};  // from MongoDB 4.2
    std::string_view refused = {};     // why it is an error: it has no functions then
};

// The row of an accumulator, `$` included; null if there is none.
[[nodiscard]] const AccumulatorRow* find_accumulator(std::string_view name);
[[nodiscard]] std::span<const AccumulatorRow> all_accumulators();

}  // namespace plumb::query
