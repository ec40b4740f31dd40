// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes to and from one client, plain or encrypted.
//
// Threads  one thread; the socket below may be shut down from another.
#pragma once

#include "base/result.h"
#include "engine/wire/socket.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace plumb::wire {

class Stream {
  public:
    virtual ~Stream() = default;
    // Some bytes into `to`; 0 at the end of the stream. errors: IoError
    [[nodiscard]] virtual Result<std::size_t> read_some(char* to, std::size_t bytes_max) = 0;
    // All of both pieces. errors: IoError
    [[nodiscard]] virtual Status write_both(std::string_view first, std::string_view second) = 0;
};

// The socket itself, which outlives the stream.
[[nodiscard]] std::unique_ptr<Stream> plain_stream(const Socket& socket);

}  // namespace plumb::wire
