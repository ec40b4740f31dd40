// SPDX-License-Identifier: GPL-3.0-or-later
// The computed fields of $group, $bucket and $bucketAuto: {total: {$sum: "$price"}}.
//
// Threads  one thread.
#pragma once

#include "engine/query/accumulator.h"
#include "engine/query/stages/stage_parser.h"

#include <string>
#include <vector>

namespace plumb::query {

// One field.
struct Accumulation {
    std::string field;
    const AccumulatorRow* row;
    ExpressionPtr argument;
    std::size_t offset;  // of its state among the states of a group
};

// All fields, and what a group of them needs.
class Accumulations {
  public:
    // Appends the field `specification`.
    //   errors  40234 no object, 40235 a dotted name, 40236 a name with `$`, 40237 several
    //           arguments, 40238 several accumulators, 15952 an unknown one
    [[nodiscard]] Status add(const bson::Element& specification, StageExpressions& expressions);

    // Bytes of the states of one group, aligned to 8.
    [[nodiscard]] std::size_t state_bytes() const { return state_bytes_; }
    [[nodiscard]] const std::vector<Accumulation>& all() const { return all_; }

    void start(char* states) const;
    // Takes a document in.
    [[nodiscard]] Status update(char* states,
                                bson::View document,
                                StageExpressions& expressions,
                                Arena& memory) const;
    // Appends the outcomes; a Missing one is null, so that results are predictable.
    void append_results(char* states, bson::Builder& out) const;
    void save(char* states, bson::Builder& out) const;
    [[nodiscard]] Status merge(char* states, bson::ValueView saved, Arena& memory) const;

    void add_dependencies(Dependencies& out) const;
    void append_to(bson::Builder& out) const;

  private:
    std::vector<Accumulation> all_;
    std::size_t state_bytes_ = 0;
};

}  // namespace plumb::query
