// SPDX-License-Identifier: GPL-3.0-or-later
// "$a.b", "$$ROOT", "$$x.a": fields of the document and of variables.
//
// A path goes through arrays: "$a.b" over {a: [{b: 1}, {c: 2}, {b: 3}]} is [1, 3]. Positions are no
// path parts here, and arrays in arrays are not entered.
//
// Threads  constant after parsing.
#pragma once

#include "engine/query/expr/operator.h"

#include <string_view>

namespace plumb::query {

// Parses a string that begins with `$`.
[[nodiscard]] Result<ExpressionPtr> parse_path(std::string_view text, ParseScope& scope);

}  // namespace plumb::query
