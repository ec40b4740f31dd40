// SPDX-License-Identifier: GPL-3.0-or-later
#include "plumbd/status_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace plumb::daemon {

Result<StatusFile> StatusFile::write(const std::filesystem::path& directory,
                                     std::uint16_t port,
                                     std::string_view version) {
    const std::filesystem::path path = directory / "plumbd.json";
    const std::filesystem::path unfinished = directory / "plumbd.json.new";
    {
        std::ofstream file{unfinished, std::ios::trunc};
        file << fmt::format(
            "{{\"pid\": {}, \"port\": {}, \"version\": \"{}\"}}\n", ::getpid(), port, version);
        if (!file.flush()) {
            return fail(ErrorCode::IoError, fmt::format("cannot write {}", unfinished.string()));
        }
    }
    std::error_code failed;
    std::filesystem::rename(unfinished, path, failed);
    if (failed) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot write {}: {}", path.string(), failed.message()));
    }
    return StatusFile{path};
}

StatusFile::StatusFile(StatusFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

void StatusFile::remove() {
    if (path_.empty()) {
        return;
    }
    std::error_code ignored;  // a file that is left over names a process that is gone
    std::filesystem::remove(path_, ignored);
    path_.clear();
}

}  // namespace plumb::daemon
