// SPDX-License-Identifier: GPL-3.0-or-later
// From finished studies to what the advice says of them.
//
// Threads  one thread.
#pragma once

#include "tool/advise/advice.h"
#include "tool/advise/collection_study.h"

#include <memory>
#include <string>
#include <vector>

namespace plumb::advise {

using Studies = std::vector<std::unique_ptr<CollectionStudy>>;

// The collection's indexes and queries, into `out`. `workload_cost` is that of all collections
// before.
void append_study(CollectionStudy& study, double workload_cost, Advice& out);

[[nodiscard]] Comparison compare_with(const project::Strategy& strategy,
                                      int priority,
                                      Studies& studies);

//   errors  BadValue, naming the labels, if no query has this one
[[nodiscard]] Result<QueryExplanation> explain_query(const std::string& label, Studies& studies);

// The fields that a query asks about, in their order.
[[nodiscard]] std::vector<std::string> fields_asked(const QueryModel& model);

}  // namespace plumb::advise
