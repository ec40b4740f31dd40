// SPDX-License-Identifier: GPL-3.0-or-later
// The WiredTiger connection: how it is configured, and what it says when something is wrong.
//
// When WiredTiger reports a panic (it could not write its log, or found its files damaged), the
// process ends: nothing that it still answered could be trusted, and the next start recovers.
//
// Threads  wt() from any thread.
#pragma once

#include "base/result.h"

#include <wiredtiger.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace plumb::storage {

class Connection {
  public:
    // requires a prepared directory
    //   errors  DataDirectoryInUse if another process (or this one) holds it; IoError;
    //   OutOfDiskSpace
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(
        const std::filesystem::path& directory, std::int64_t cache_bytes);
    // A closed one; use open().
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    // Writes a checkpoint. All sessions must be closed.
    ~Connection();

    [[nodiscard]] WT_CONNECTION* wt() const { return connection_; }

    // What WiredTiger says of a file that it could not open.
    [[nodiscard]] Error file_error(int code, const std::filesystem::path& file);

  private:
    // WiredTiger hands back the address of its first member.
    struct Events {
        WT_EVENT_HANDLER handler{};
        std::mutex mutex;
        std::string last_message;
    };
    static int on_error(WT_EVENT_HANDLER* handler,
                        WT_SESSION* session,
                        int error,
                        const char* message);
    static int on_message(WT_EVENT_HANDLER* handler, WT_SESSION* session, const char* message);
    [[nodiscard]] Error open_error(int code, const std::filesystem::path& directory);

    Events events_;
    WT_CONNECTION* connection_ = nullptr;
};

}  // namespace plumb::storage
