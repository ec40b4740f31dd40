// SPDX-License-Identifier: GPL-3.0-or-later
// plumbd.json in the data directory: tells other programs which process serves it, on which port.
//
//   {"pid": 4711, "port": 27117, "version": "0.1.0"}
//
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace plumb::daemon {

// There while it lives: readers see the whole file or none.
class StatusFile {
  public:
    // errors  IoError
    [[nodiscard]] static Result<StatusFile> write(const std::filesystem::path& directory,
                                                  std::uint16_t port,
                                                  std::string_view version);
    StatusFile(StatusFile&& other) noexcept;
    StatusFile& operator=(StatusFile&&) = delete;
    StatusFile(const StatusFile&) = delete;
    StatusFile& operator=(const StatusFile&) = delete;
    ~StatusFile() { remove(); }

    void remove();

  private:
    explicit StatusFile(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;  // empty once removed
};

}  // namespace plumb::daemon
