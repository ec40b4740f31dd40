// SPDX-License-Identifier: GPL-3.0-or-later
// Does a query ask only for documents that a partial index holds? Answered for what MongoDB allows
// in a partial filter; where it cannot be known the answer is yes, so that lint does not cry wolf.
//
// Source   MongoDB manual, "Partial Indexes": query coverage
// Threads  pure functions.
#pragma once

#include "bson/document.h"

namespace plumb::migrate::lint {

// True if `query` implies `filter`, or may. A text `{{name}}` in the query is a value not known.
[[nodiscard]] bool may_imply(bson::View query, bson::View filter);

}  // namespace plumb::migrate::lint
