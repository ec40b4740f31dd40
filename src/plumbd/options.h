// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon's command line.
//
//   plumbd --port 27017 --data ./.plumbline/data
//
// Threads  one thread.
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "engine/wire/tls.h"
#include "plumbd/slowed_service.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plumb::daemon {

struct Options {
    std::uint16_t port = 27017;
    std::string data_directory = "./.plumbline/data";
    std::int64_t cache_bytes = 256LL * 1024 * 1024;
    std::string address = "127.0.0.1";
    std::string log = "-";  // a file, or "-": standard error
    std::int32_t slow_ms = 100;
    int connections_max = kConnectionsMax;
    bool require_login = false;  // --auth
    wire::TlsOptions tls;
    std::string replica_set;             // name of a one-member set; empty: standalone
    std::vector<std::string> faults;     // "name=action@n"
    std::vector<std::string> arguments;  // the whole command line
    SlowedBy slowed;                     // --slow-document-ns …, for tests
    bool list_language = false;          // print what is understood, and end
};

// What the command line asked for: options to run with, or an exit code after help, version or an
// error was printed.
struct CommandLine {
    std::optional<Options> options;
    int exit_code = 0;
};
[[nodiscard]] CommandLine parse_command_line(int argument_count, char** arguments);

}  // namespace plumb::daemon
