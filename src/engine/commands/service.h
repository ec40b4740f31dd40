// SPDX-License-Identifier: GPL-3.0-or-later
// The database service: takes a command document, gives the reply document. What wire calls, and
// what tests call without a socket.
//
// Threads  run() from any thread; one ClientState belongs to one connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"

namespace plumb::storage {
class Engine;
}

namespace plumb::commands {

// One connection as commands see it.
struct ClientState {
    std::int64_t connection_id = 0;
    std::string remote_address;      // "127.0.0.1:50212"
    bson::Document metadata;         // what the driver said in its first hello
};

// Network counters, kept by wire and shown by serverStatus.
struct NetworkCounters {
    std::int64_t bytes_in = 0;
    std::int64_t bytes_out = 0;
    std::int64_t requests = 0;
    std::int64_t connections_now = 0;
    std::int64_t connections_available = 0;
    std::int64_t connections_created = 0;
};

struct ServiceOptions {
    std::uint16_t port = 0;
    std::string data_directory;
    std::string version_text;                           // plumbd's own version
    std::vector<std::string> command_line;              // for getCmdLineOpts
    std::function<NetworkCounters()> network;           // set by wire before the first command
    std::function<void()> request_shutdown;             // called by the shutdown command
    std::function<void(const std::string&)> log_line;   // a structured log line, without newline
    std::int32_t slow_ms = 100;
};

class Service {
  public:
    [[nodiscard]] static std::unique_ptr<Service> create(storage::Engine& engine,
                                                         const Clock& clock,
                                                         ServiceOptions options);
    virtual ~Service() = default;

    // Runs one command. `command` is validated BSON: name first, "$db" in it. Never fails: errors
    // are replies {ok: 0, errmsg, code, codeName}.
    [[nodiscard]] virtual bson::Document run(ClientState& client, bson::View command) = 0;

    // Stops running operations and closes cursors of a connection that went away.
    virtual void client_gone(const ClientState& client) = 0;
    // Interrupts everything; later commands fail with InterruptedAtShutdown.
    virtual void shut_down() = 0;
};

}  // namespace plumb::commands
