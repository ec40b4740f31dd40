// SPDX-License-Identifier: GPL-3.0-or-later
// Where the daemon's log lines go: standard error, or a file that can be rotated.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"

#include <mutex>
#include <string>
#include <string_view>

namespace plumb::daemon {

class LogFile {
  public:
    // "-" is standard error. errors: IoError naming the file
    [[nodiscard]] static Result<LogFile> open(const std::string& path);
    LogFile(LogFile&& other) noexcept;
    LogFile& operator=(LogFile&&) = delete;
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;
    ~LogFile();

    // Writes one line. A log that cannot be written must not stop the engine: errors are dropped.
    void write(std::string_view line);
    // Renames the file to "<path>.<time>" and begins a new one; nothing for standard error.
    [[nodiscard]] Status rotate();

  private:
    LogFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    std::string path_;
    std::mutex mutex_;  // guards descriptor_
    int descriptor_;
};

}  // namespace plumb::daemon
