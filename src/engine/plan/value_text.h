// SPDX-License-Identifier: GPL-3.0-or-later
// Values as index bounds show them: 1, 2.0, "a", new Date(0), ObjectId('…'), { x: 1 }, [ 1 ].
//
// Source   tests/conformance/plan.jsonl (indexBounds)
// Threads  pure functions.
#pragma once

#include "bson/value.h"

#include <string>

namespace plumb::plan {

[[nodiscard]] std::string value_text(bson::ValueView value);

}  // namespace plumb::plan
