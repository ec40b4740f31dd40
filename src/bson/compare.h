// SPDX-License-Identifier: GPL-3.0-or-later
// MongoDB's total order of values, and equality by value.
//
// Order    canonical classes (bson/type.h); numbers by value over all four types, NaN lowest;
//          strings by bytes; documents field by field: class of the value, then name, then value;
//          binary by length, subtype, bytes; false < true.
// Source   MongoDB manual, "Comparison/Sort Order"; tests/conformance/sort.jsonl
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>

namespace plumb::bson {

// Negative, zero or positive.
[[nodiscard]] int compare(ValueView a, ValueView b);
[[nodiscard]] int compare(View a, View b);

// -1, 0, 1 for two numbers of any types. requires both are numbers
[[nodiscard]] int compare_numbers(ValueView a, ValueView b);

[[nodiscard]] inline bool equal(ValueView a, ValueView b) {
    return compare(a, b) == 0;
}

// For ordered containers of values.
struct ValueLess {
    using is_transparent = void;
    bool operator()(ValueView a, ValueView b) const { return compare(a, b) < 0; }
};

}  // namespace plumb::bson
