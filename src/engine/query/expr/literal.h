// SPDX-License-Identifier: GPL-3.0-or-later
// Documents and arrays of expressions, as they stand: {a: "$x", b: [1, "$y"]}.
//
// Threads  constant after parsing.
#pragma once

#include "engine/query/expr/operator.h"

namespace plumb::query {

// A document whose first field is no operator. A Missing value leaves its field out.
//   errors  16410 for a later field that begins with `$`, 16412 for one with a dot, 16406 for a
//   double
[[nodiscard]] Result<ExpressionPtr> parse_object_literal(bson::View spec, ParseScope& scope);

// An array. A Missing value becomes null.
[[nodiscard]] Result<ExpressionPtr> parse_array_literal(bson::ValueView spec, ParseScope& scope);

}  // namespace plumb::query
