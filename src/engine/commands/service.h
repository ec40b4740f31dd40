// SPDX-License-Identifier: GPL-3.0-or-later
// The database service: takes a command document, gives the reply document. What wire calls, and
// what tests call without a socket.
//
//   auto service = Service::create(engine, clock, options);
//   bson::Document reply = service->run(client, command);   // {ping: 1, $db: "shop"} → {ok: 1}
//
// Threads  run() from any thread; one ClientState belongs to one connection.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::storage {
class Engine;
}

namespace plumb::commands {

struct ClientLogin;  // commands/client_login.h

// One connection as commands see it.
struct ClientState {
    std::int64_t connection_id = 0;
    std::string remote_address;          // "127.0.0.1:50212"
    bson::Document metadata;             // what the driver said in its first hello
    bool is_loopback = true;             // may use the localhost exception
    std::shared_ptr<ClientLogin> login;  // who is logged in, and the log-in under way; null: nobody
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

// An array argument that came beside the command document (OP_MSG section kind 1): the documents
// of an insert are handed on as they stand in the message, without being copied into an array.
struct DocumentSequence {
    std::string_view name;              // "documents"
    std::vector<bson::View> documents;  // validated; in the message's bytes
};

struct ServiceOptions {
    std::uint16_t port = 0;
    std::string data_directory;
    std::string version_text;                          // plumbd's own version
    std::vector<std::string> command_line;             // for getCmdLineOpts
    std::function<NetworkCounters()> network;          // set by wire before the first command
    std::function<void()> request_shutdown;            // called by the shutdown command
    std::function<void(const std::string&)> log_line;  // a structured log line, without newline
    std::function<Status()> rotate_log;                // opens the log file anew; logRotate
    std::int32_t slow_ms = 100;
    bool require_login = false;  // --auth
    std::string replica_set;     // --replSet: the name of the one-member set; empty: standalone
    std::string replica_host;    // the name or address under which clients reach its member
};

enum class Severity : char { Info = 'I', Warning = 'W', Error = 'E' };

class Service {
  public:
    [[nodiscard]] static std::unique_ptr<Service> create(storage::Engine& engine,
                                                         const Clock& clock,
                                                         ServiceOptions options);
    virtual ~Service() = default;

    // Runs one command. `command` is validated BSON: name first, "$db" in it; both it and the
    // sequences stay as they are until the call returns. Never fails: errors are replies
    // {ok: 0, errmsg, code, codeName}.
    [[nodiscard]] virtual bson::Document run(ClientState& client,
                                             bson::View command,
                                             std::span<const DocumentSequence> sequences = {}) = 0;

    // Stops running operations of a connection that went away. Its cursors stay until they idle
    // out.
    virtual void client_gone(const ClientState& client) = 0;
    // Interrupts everything; later commands fail with InterruptedAtShutdown.
    virtual void shut_down() = 0;

    // What only wire knows, once it listens: the port and the counters.
    virtual void set_network(std::uint16_t port, std::function<NetworkCounters()> counters) = 0;

    // Writes one structured log line in MongoDB 4.4's form and keeps it for getLog.
    //   component  "NETWORK", "COMMAND" …; context  the thread, "conn7"; attributes may be empty
    virtual void log(Severity severity,
                     std::string_view component,
                     std::string_view context,
                     std::string_view message,
                     bson::View attributes) = 0;
};

}  // namespace plumb::commands
