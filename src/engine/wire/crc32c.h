// SPDX-License-Identifier: GPL-3.0-or-later
// CRC-32C, the checksum that an OP_MSG may carry.
//
// Source   RFC 3720, appendix B.4 (Castagnoli polynomial, reflected 0x82F63B78)
// Threads  pure function.
#pragma once

#include <cstdint>
#include <string_view>

namespace plumb::wire {

[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace plumb::wire
