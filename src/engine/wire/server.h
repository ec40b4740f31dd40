// SPDX-License-Identifier: GPL-3.0-or-later
// The MongoDB wire protocol on a socket, plain or by TLS: OP_MSG, compressed or not, and OP_QUERY
// on $cmd for handshakes. One thread a connection: one read and one write a request are all the
// system calls there are (docs/decisions/0002-networking.md).
//
//   PLUMB_TRY(server, Server::start({.port = 0}, *service));
//   … server->stop(std::chrono::seconds{5});
//
// Source   MongoDB manual, "MongoDB Wire Protocol"
// Threads  start, stop and counters from any thread.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "engine/commands/service.h"
#include "engine/wire/tls.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace plumb::wire {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 27017;  // 0: any free one
    int connections_max = kConnectionsMax;
    bool require_login = false;  // --auth: who has not logged in may send small messages only
    TlsOptions tls;
};

class Server {
  public:
    // Binds and begins to accept; the service learns port and counters before that.
    //   errors  AddressInUse naming address and port; UsageError for a certificate; IoError
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                               commands::Service& service);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual commands::NetworkCounters counters() const = 0;
    // Stops accepting, lets running commands finish for as long as `grace`, interrupts what runs
    // then, closes all connections, joins the threads.
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace plumb::wire
