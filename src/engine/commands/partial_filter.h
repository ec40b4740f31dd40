// SPDX-License-Identifier: GPL-3.0-or-later
// Partial index filters: which operators they may have, and how storage gets to run them.
//
// Threads  pure functions; predicates: const from many.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/predicate.h"

namespace plumb::commands {

// Checks a partialFilterExpression: equality, $exists: true, $gt, $gte, $lt, $lte, $type, and $and
// of these at the top level.
//   errors  CannotCreateIndex (67), or the parser's own
[[nodiscard]] Status check_partial_filter(bson::View filter);

// For storage::Engine::open: reads filters with the query language.
[[nodiscard]] storage::PredicateFactory partial_filter_factory();

}  // namespace plumb::commands
