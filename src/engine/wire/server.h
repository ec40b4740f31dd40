// SPDX-License-Identifier: GPL-3.0-or-later
// The MongoDB wire protocol on a loopback socket: OP_MSG, and OP_QUERY on $cmd for handshakes.
// One thread a connection: one read and one write a request are all the system calls there are.
//
// Source   MongoDB manual, "MongoDB Wire Protocol"
// Threads  start, stop and counters from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/limits.h"
#include "base/result.h"
#include "engine/commands/service.h"

namespace plumb::wire {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 27017;           // 0: any free one
    int connections_max = kConnectionsMax;
};

class Server {
  public:
    // Binds and begins to accept. errors: AddressInUse naming address and port.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                               commands::Service& service);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual commands::NetworkCounters counters() const = 0;
    // Stops accepting, lets running commands finish, closes all connections, joins the threads.
    virtual void stop() = 0;
};

}  // namespace plumb::wire
