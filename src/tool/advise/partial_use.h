// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a query may be answered from an index that holds only a part of the documents: a server
// takes such an index only if the query's own conditions imply the index's filter.
//
// Implied are equality, comparisons, {$exists: true} and {$type: …}, each by a condition on the
// same path: {a: 5} implies {a: {$gt: 3}} and {a: {$exists: true}}; {a: null} and {a: {$ne: 1}}
// imply nothing.
//
// Source   MongoDB 4.2 manual, "Partial Indexes", "Query Coverage"
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/advise/query_model.h"

namespace plumb::advise {

// Whether each instance of the branch implies the filter, together with what stands outside of $or.
[[nodiscard]] bool implies(const QueryModel& model, const Branch& branch, bson::View partial);

// The same for one condition on one path, {path: …}, and one filter on it.
[[nodiscard]] bool condition_implies(bson::View condition, bson::View partial);

}  // namespace plumb::advise
