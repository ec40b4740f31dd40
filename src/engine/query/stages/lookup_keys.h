// SPDX-License-Identifier: GPL-3.0-or-later
// The keys by which a $lookup without an index finds what may belong together: those that an index
// on the foreign field would hold.
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"

#include <span>
#include <string>
#include <vector>

namespace plumb::query {

// False if a value has no key of its own (an array as a whole, a regular expression): then every
// document has to be looked at.
[[nodiscard]] bool have_keys(std::span<const bson::ValueView> values);

// One of these is among the keys of each document whose field equals one of `values`.
//   requires have_keys(values)
[[nodiscard]] std::vector<std::string> keys_of(std::span<const bson::ValueView> values);

}  // namespace plumb::query
