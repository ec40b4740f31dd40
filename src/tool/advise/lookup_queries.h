// SPDX-License-Identifier: GPL-3.0-or-later
// The inner side of $lookup: each document that reaches the stage looks for its like in another
// collection, which is a query of that collection as many times as documents reach it.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/advice.h"
#include "tool/advise/collection_study.h"

#include <vector>

namespace plumb::advise {

// One query of the other collection for each $lookup with localField and foreignField, its label
// "R2/customers".
[[nodiscard]] std::vector<AskedQuery> lookup_queries(const AskedQuery& asked,
                                                     const QueryModel& model,
                                                     CollectionStudy& study);

}  // namespace plumb::advise
