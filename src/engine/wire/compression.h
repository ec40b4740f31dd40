// SPDX-License-Identifier: GPL-3.0-or-later
// OP_COMPRESSED: another message, its body compressed.
//
//   PLUMB_TRY(opened, decompress(message, kMessageBytesMax));   // as if it had come so
//   PLUMB_TRY(packed, compress(opened.compressor, reply));      // the answer in the same way
//
// Format   driver specification "Wire Compression": header, opcode of the message inside, its
//          length without header, compressor, compressed bytes
// Threads  pure functions.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::wire {

struct Decompressed {
    std::string message;  // whole, header included
    std::uint8_t compressor = 0;
};

// Nothing is allocated before the lengths were found to be possible.
//   message    the whole message, header included
//   bytes_max  of the message inside
//   errors     ProtocolError (17): unknown compressor, a length that is too large or not what
//              comes out, bytes that the compressor did not write
[[nodiscard]] Result<Decompressed> decompress(std::string_view message, std::size_t bytes_max);

// A whole message of any other opcode as OP_COMPRESSED. errors: InternalError
[[nodiscard]] Result<std::string> compress(std::uint8_t compressor, std::string_view message);

}  // namespace plumb::wire
