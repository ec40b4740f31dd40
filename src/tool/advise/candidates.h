// SPDX-License-Identifier: GPL-3.0-or-later
// The indexes that could serve a collection's queries: equality, then sort, then range, and the
// variants of that which may win.
//
// Source   MongoDB manual, "The ESR (Equality, Sort, Range) Guideline"
// Threads  pure functions.
#pragma once

#include "tool/advise/cost.h"
#include "tool/advise/query_model.h"
#include "tool/advise/sample.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace plumb::advise {

// What is there already, then one list of distinct new ones: for each query and branch
// equality–sort–range, equality–range, sort first, every equality field first in turn, covered; and
// two queries' candidates merged where one equality set holds the other. Measured by `judge`. Those
// with more than `fields_max` fields are left out.
[[nodiscard]] std::vector<Candidate> make_candidates(const std::vector<QueryModel>& queries,
                                                     const CollectionSample& sample,
                                                     const Judge& judge,
                                                     std::size_t fields_max = 4);

// An index of the server as a candidate; nothing for one that serves no plain query (text, hashed,
// hidden, another collation).
[[nodiscard]] std::optional<Candidate> existing_candidate(const CollectionSample& sample,
                                                          std::size_t index,
                                                          const Judge& judge);

}  // namespace plumb::advise
