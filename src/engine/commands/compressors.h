// SPDX-License-Identifier: GPL-3.0-or-later
// The message compressors that hello offers and wire has, and the commands that are never
// compressed, so that passwords and what surrounds them cannot be guessed from sizes.
//
// Source   driver specification "Wire Compression"
// Threads  constants.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plumb::commands {

struct Compressor {
    std::string_view name;
    std::uint8_t id;  // in OP_COMPRESSED
};
inline constexpr auto kCompressors = std::to_array<Compressor>({
    {"snappy", 1},
    {"zlib", 2},
    {"zstd", 3},
});

inline constexpr auto kNeverCompressed = std::to_array<std::string_view>({
    "authenticate",
    "copydb",
    "copydbSaslStart",
    "copydbgetnonce",
    "createUser",
    "getnonce",
    "hello",
    "isMaster",
    "ismaster",
    "saslContinue",
    "saslStart",
    "updateUser",
});

}  // namespace plumb::commands
