// SPDX-License-Identifier: GPL-3.0-or-later
// A hash of values that agrees with equality by value: 1, 1.0 and NumberDecimal("1.00") are one.
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"

#include <cstdint>
#include <string_view>

namespace plumb::bson {

// Same for any two values that compare as equal. Not stable between versions: never on disk.
[[nodiscard]] std::uint64_t hash_value(ValueView value);

// 64-bit hash of bytes (FNV-1a with a final mix). Stable: content hashes print it.
[[nodiscard]] std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

struct ValueHash {
    std::size_t operator()(ValueView value) const {
        return static_cast<std::size_t>(hash_value(value));
    }
};
struct ValueEqual {
    bool operator()(ValueView a, ValueView b) const;
};

}  // namespace plumb::bson
