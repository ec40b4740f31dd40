// SPDX-License-Identifier: GPL-3.0-or-later
// Starts plumbd as a child process on a free loopback port, and stops it at the end.
//
// A data directory that a living plumbd of ours already serves is joined, not started twice: the
// daemon leaves `plumbd.json` {pid, port} in it. It ends with the process that started it, and
// writes what it has to say to `plumbd.log` there.
//
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace plumb::client {

struct EmbeddedOptions {
    std::filesystem::path program;         // plumbd; found beside the running program if empty
    std::filesystem::path data_directory;  // e.g. .plumbline/data
    std::int64_t cache_bytes = 256LL * 1024 * 1024;
};

class EmbeddedServer {
  public:
    // errors  ServerStartFailed with the daemon's last words; DataDirectoryInUse …
    [[nodiscard]] static Result<std::unique_ptr<EmbeddedServer>> start(
        const EmbeddedOptions& options);
    // One that runs nothing; start() makes those that do.
    EmbeddedServer() = default;
    EmbeddedServer(const EmbeddedServer&) = delete;
    EmbeddedServer& operator=(const EmbeddedServer&) = delete;
    // Asks it to shut down (SIGTERM) and waits, if it was started and not joined.
    ~EmbeddedServer();

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] int process_id() const { return process_id_; }
    // False if a daemon that already ran was joined.
    [[nodiscard]] bool started_here() const { return started_here_; }

  private:
    std::string url_;
    int process_id_ = -1;
    bool started_here_ = false;
};

}  // namespace plumb::client
