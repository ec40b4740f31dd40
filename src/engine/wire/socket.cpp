// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace plumb::wire {

namespace {

// A client that takes nothing for this long is given up, so that its thread does not wait for ever.
constexpr timeval kSendTimeout{60, 0};
constexpr int kBacklog = 256;

std::string last_error() {
    return std::error_code{errno, std::generic_category()}.message();
}

Error io_error(std::string_view what) {
    return fail(ErrorCode::IoError, fmt::format("{}: {}", what, last_error()));
}

template <class T>
void set_option(const Socket& socket, int level, int name, const T& value) {
    // Options only make things faster or tidier; a socket without them still works.
    static_cast<void>(::setsockopt(socket.descriptor(), level, name, &value, sizeof value));
}

// The socket functions take every address family as a sockaddr.
sockaddr* generic(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

std::string to_text(const sockaddr_in& address) {
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(address.sin_port));
}

// True for errors of one connection that died before it was accepted, or of a moment.
bool accept_may_go_on(int error) {
    return error == EINTR || error == ECONNABORTED || error == EPROTO || error == EAGAIN;
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Socket::~Socket() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void Socket::shut_down_reading() const {
    static_cast<void>(::shutdown(descriptor_, SHUT_RD));
}

void Socket::shut_down() const {
    static_cast<void>(::shutdown(descriptor_, SHUT_RDWR));
}

Result<Listener> listen_on(const std::string& address, std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) {
        return fail(ErrorCode::UsageError, fmt::format("{} is no IPv4 address", address));
    }
    Listener out;
    out.socket = Socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (out.socket.descriptor() < 0) {
        return io_error("cannot make a socket");
    }
    // A port whose last connections still linger can be taken again; one that is listened on not.
    set_option(out.socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(out.socket.descriptor(), generic(where), sizeof where) != 0) {
        if (errno == EADDRINUSE) {
            return fail(ErrorCode::AddressInUse,
                        fmt::format("port {} on {} is in use by another program; choose another "
                                    "with --port, or 0 for any free one",
                                    port,
                                    address));
        }
        return io_error(fmt::format("cannot bind {}:{}", address, port));
    }
    if (::listen(out.socket.descriptor(), kBacklog) != 0) {
        return io_error(fmt::format("cannot listen on {}:{}", address, port));
    }
    socklen_t size = sizeof where;
    if (::getsockname(out.socket.descriptor(), generic(where), &size) != 0) {
        return io_error("cannot tell the port");
    }
    out.port = ntohs(where.sin_port);
    return out;
}

Result<std::optional<Accepted>> accept_from(const Socket& listener) {
    while (true) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        Socket socket{::accept4(listener.descriptor(), generic(peer), &size, SOCK_CLOEXEC)};
        if (socket.descriptor() >= 0) {
            // A reply is written at once and whole: waiting for more to send would only delay it.
            set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
            set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
            set_option(socket, SOL_SOCKET, SO_SNDTIMEO, kSendTimeout);
            return std::optional{Accepted{std::move(socket), to_text(peer)}};
        }
        if (errno == EINVAL) {
            return std::optional<Accepted>{};  // shut down
        }
        if (!accept_may_go_on(errno)) {
            return io_error("cannot accept a connection");
        }
    }
}

Result<std::size_t> read_some(const Socket& socket, char* to, std::size_t bytes_max) {
    while (true) {
        const ssize_t got = ::recv(socket.descriptor(), to, bytes_max, 0);
        if (got >= 0) {
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            return io_error("cannot read");
        }
    }
}

Status write_both(const Socket& socket, std::string_view first, std::string_view second) {
    while (!first.empty() || !second.empty()) {
        // iovec has no const; sendmsg does not write to it.
        std::array<iovec, 2> pieces{
            iovec{const_cast<char*>(first.data()), first.size()},     // NOLINT: see above
            iovec{const_cast<char*>(second.data()), second.size()}};  // NOLINT: see above
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        const ssize_t sent = ::sendmsg(socket.descriptor(), &message, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR) {
                continue;
            }
            return io_error("cannot write");
        }
        const auto bytes = static_cast<std::size_t>(sent);
        const std::size_t of_first = std::min(bytes, first.size());
        first.remove_prefix(of_first);
        second.remove_prefix(bytes - of_first);
    }
    return {};
}

}  // namespace plumb::wire
