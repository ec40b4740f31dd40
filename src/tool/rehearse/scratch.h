// SPDX-License-Identifier: GPL-3.0-or-later
// An engine to try things on: its own process, its own folder, gone at the end.
//
//   PLUMB_TRY(scratch, Scratch::start(".plumbline", Keep::No));
//   scratch->client();                       // a connection to it
//
// Folders that a run which was killed left behind are removed at the next start.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "client/embedded_server.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace plumb::rehearse {

enum class Keep : std::uint8_t { No, Yes };

class Scratch {
  public:
    // Makes parent/rehearsal-PID and starts an engine in it.
    //   errors  ServerStartFailed, IoError
    [[nodiscard]] static Result<std::unique_ptr<Scratch>> start(const std::filesystem::path& parent,
                                                                Keep keep);
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    // Stops the engine and, unless it is to be kept, removes the folder.
    ~Scratch();

    [[nodiscard]] client::Client& client() { return *client_; }
    [[nodiscard]] Result<std::unique_ptr<client::Client>> connect() const;
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    // Stops and starts it again: nothing is in its cache then. The old connections are closed.
    [[nodiscard]] Status restart();

    // The most memory that the engine's process held since reset_peak(); 0 if the system does not
    // say.
    [[nodiscard]] std::int64_t peak_memory_bytes() const;
    void reset_peak() const;

  private:
    [[nodiscard]] Status open();

    std::filesystem::path folder_;
    bool keep_ = false;
    std::unique_ptr<client::EmbeddedServer> server_;
    std::unique_ptr<client::Client> client_;  // after server_: closed before it stops
};

}  // namespace plumb::rehearse
