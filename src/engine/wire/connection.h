// SPDX-License-Identifier: GPL-3.0-or-later
// One client: makes the stream, reads messages, runs them, writes the replies, until either side
// has enough.
//
// Threads  serve() is the connection's own thread; the stop functions from any.
#pragma once

#include "base/result.h"
#include "engine/commands/service.h"
#include "engine/wire/message.h"
#include "engine/wire/receive_buffer.h"
#include "engine/wire/socket.h"
#include "engine/wire/stream.h"
#include "engine/wire/tls.h"
#include "engine/wire/watcher.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace plumb::wire {

// Counted by all connections together.
struct TrafficCounters {
    std::atomic<std::int64_t> bytes_in{0};
    std::atomic<std::int64_t> bytes_out{0};
    std::atomic<std::int64_t> requests{0};
};

// What all connections of a server share; outlives them.
struct ConnectionSetup {
    commands::Service& service;
    TrafficCounters& traffic;
    Watcher& watcher;
    std::shared_ptr<const TlsContext> tls = nullptr;  // null: plain connections
    bool require_login = false;
};

class Connection {
  public:
    // The client has kGreetingTime to send its first message.
    Connection(Socket socket, commands::ClientState client, const ConnectionSetup& setup);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // Serves until the client goes, breaks the protocol, or is told to stop.
    void serve();

    // No further request is read; one that runs gets its reply.
    void stop_reading() const { socket_.shut_down_reading(); }
    // Nothing goes in or out any more.
    void cut() const { socket_.shut_down(); }

  private:
    void serve_until_end();
    [[nodiscard]] Status open_stream();
    // The next whole message; nothing at the end of the stream.
    [[nodiscard]] Result<std::optional<std::string_view>> next_message(Header& header);
    [[nodiscard]] Result<bool> receive(std::size_t wanted);
    // False if the connection is to be closed.
    [[nodiscard]] Result<bool> handle(const Header& header, std::string_view message);
    [[nodiscard]] Result<bool> handle_op_msg(const Header& header, std::string_view message);
    [[nodiscard]] Result<bool> handle_op_query(const Header& header, std::string_view message);
    [[nodiscard]] Result<bool> handle_compressed(std::string_view message);
    // The longest message that this client may send now.
    [[nodiscard]] std::size_t message_bytes_max() const;
    [[nodiscard]] Status send(const ReplyPrefix& prefix, bson::View document);
    [[nodiscard]] Status send_bytes(std::string_view first, std::string_view second);
    void refuse(const Header& header, const Error& error);
    void log(std::string_view message, const Error& error);

    Socket socket_;
    commands::ClientState client_;
    const ConnectionSetup& setup_;
    std::unique_ptr<Stream> stream_;  // null until the handshake is done
    ReceiveBuffer buffer_;
    bool greeted_ = false;
    std::uint8_t reply_compressor_ = 0;  // of the message that is answered; 0: none
    std::int32_t next_reply_id_ = 1;
};

}  // namespace plumb::wire
