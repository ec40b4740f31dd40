// SPDX-License-Identifier: GPL-3.0-or-later
// Random values of all types for property tests, weighted towards where encodings break: numbers
// that are equal over types or nearly so, embedded zeros, empty and nested containers.
#pragma once

#include "bson/value.h"

#include <rapidcheck.h>

#include <ostream>

namespace plumb::bson {

enum class Text : std::uint8_t { AnyBytes, Utf8 };

// A number of any of the four types.
[[nodiscard]] rc::Gen<Value> arbitrary_number();

// Any value; containers at most `depth` levels deep. Field names do not begin with a dollar.
[[nodiscard]] rc::Gen<Value> arbitrary_value(Text text, int depth = 3);

// How rapidcheck prints a value of a failing case.
void showValue(const Value& value, std::ostream& out);

}  // namespace plumb::bson
