// SPDX-License-Identifier: GPL-3.0-or-later
// A filter made ready for many documents: the conditions that stand side by side in its And, in the
// order of the fields they begin with, so that one walk through a document tests all of them and
// stops at the first that fails.
//
// What the program cannot take (an $or, an $expr) stays with the tree and is asked afterwards.
//
// Threads  constant once made.
#pragma once

#include "bson/element_walk.h"
#include "engine/query/match_internal.h"

#include <cstddef>
#include <vector>

namespace plumb::query {

class MatchProgram {
  public:
    // `root` outlives the program and does not move.
    explicit MatchProgram(const MatchNode& root);
    MatchProgram(const MatchProgram&) = delete;
    MatchProgram& operator=(const MatchProgram&) = delete;

    // The same as match_document() of the root where no position is wanted.
    [[nodiscard]] bool matches(bson::View document, MatchTrace& trace) const;

  private:
    // Conditions whose paths begin with one field: conditions_[first] up to conditions_[last].
    struct Field {
        bson::FieldName name;
        std::size_t first;
        std::size_t last;
    };
    [[nodiscard]] bool test_field(const Field& field,
                                  bson::ValueView value,
                                  MatchTrace& trace) const;
    [[nodiscard]] bool test_fields(bson::View document, MatchTrace& trace) const;

    std::vector<const MatchNode*> conditions_;
    std::vector<Field> fields_;             // at most kFieldsMax
    std::vector<const MatchNode*> others_;  // of the And, after the fields
};

}  // namespace plumb::query
