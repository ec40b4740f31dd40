// SPDX-License-Identifier: GPL-3.0-or-later
// What a hashed index holds in place of a value.
//
// Format   on disk, and MongoDB's own (hash version 0): the first 64 bits, little-endian, of the
// MD5
//          of a zero seed and the value; numbers count as the integer they are cut to, so 2 and
//          2.5 share a hash.
// Threads  pure functions.
#pragma once

#include "bson/value.h"

#include <cstdint>

namespace plumb::bson {

// The hash of `value`; of null if it is Missing.
[[nodiscard]] std::int64_t hashed_index_value(ValueView value);

}  // namespace plumb::bson
