// SPDX-License-Identifier: GPL-3.0-or-later
// ObjectId: twelve bytes; four of big-endian seconds, five random per process, three of a counter.
//
// Source   MongoDB manual, "ObjectId"
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::bson {

struct ObjectId {
    std::array<std::uint8_t, 12> bytes{};

    // 24 lower-case hexadecimal digits.
    [[nodiscard]] std::string to_hex() const;
    // From 24 hexadecimal digits of either case; nothing if they are not that.
    [[nodiscard]] static std::optional<ObjectId> from_hex(std::string_view hex);
    // Seconds since the epoch, unsigned as the shell reads them.
    [[nodiscard]] std::uint32_t seconds() const;

    auto operator<=>(const ObjectId&) const = default;
};

// Makes ids that no other process makes. Threads: from any thread.
[[nodiscard]] ObjectId generate_object_id();

}  // namespace plumb::bson
