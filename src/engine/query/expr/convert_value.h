// SPDX-License-Identifier: GPL-3.0-or-later
// One value as a value of another type, by the rules of $convert.
//
// Source   MongoDB manual, "$convert"; tests/conformance/expression.jsonl (convert)
// Threads  pure functions.
#pragma once

#include "engine/query/expr/operator.h"

namespace plumb::query {

// requires `input` not to be nullish
//   errors  ConversionFailure (241)
[[nodiscard]] Result<bson::ValueView> convert_value(const Call& call,
                                                    bson::ValueView input,
                                                    bson::Type to);

}  // namespace plumb::query
