// SPDX-License-Identifier: GPL-3.0-or-later
// Plain POSIX sockets: an owned descriptor, listening, accepting, reading and writing.
//
// Threads  shut_down_* of a Socket may be called while another thread reads or writes it.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::wire {

// Owns a file descriptor.
class Socket {
  public:
    Socket() = default;
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();

    [[nodiscard]] int descriptor() const { return descriptor_; }
    // Wakes a blocked reader: it sees the end of the stream. Writing still works.
    void shut_down_reading() const;
    // Ends both directions, also of a blocked writer.
    void shut_down() const;

  private:
    int descriptor_ = -1;
};

// A listening socket and the port it got. errors: AddressInUse; IoError
struct Listener {
    Socket socket;
    std::uint16_t port = 0;
};
[[nodiscard]] Result<Listener> listen_on(const std::string& address, std::uint16_t port);

struct Accepted {
    Socket socket;
    std::string peer;  // "127.0.0.1:50212"
};
// The next connection, set up for requests and replies; nothing if the listener was shut down.
[[nodiscard]] Result<std::optional<Accepted>> accept_from(const Socket& listener);

// Some bytes into `to`; 0 at the end of the stream. errors: IoError
[[nodiscard]] Result<std::size_t> read_some(const Socket& socket, char* to, std::size_t bytes_max);

// Both pieces, by one system call if the socket takes them at once. errors: IoError
[[nodiscard]] Status write_both(const Socket& socket,
                                std::string_view first,
                                std::string_view second);

}  // namespace plumb::wire
