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

// What is there already, then one list of distinct new ones: the drafts of each query (see
// candidate_drafts.h) and those merged of two queries'. Measured by `judge`. Of very many only
// those that help a query most are kept. Keys with more than `fields_max` fields are left out.
[[nodiscard]] std::vector<Candidate> make_candidates(const std::vector<QueryModel>& queries,
                                                     const CollectionSample& sample,
                                                     Judge& judge,
                                                     std::size_t fields_max = 5);

// An index of the server as a candidate; nothing for one that serves no plain query (text, hashed,
// hidden, another collation).
[[nodiscard]] std::optional<Candidate> existing_candidate(const CollectionSample& sample,
                                                          std::size_t index,
                                                          Judge& judge);

// The same for a definition that may be there or not.
[[nodiscard]] std::optional<Candidate> candidate_of(const project::IndexDefinition& definition,
                                                    Judge& judge);

}  // namespace plumb::advise
