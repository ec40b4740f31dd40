// SPDX-License-Identifier: GPL-3.0-or-later
#include "plumbd/log_file.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace plumb::daemon {

namespace {

constexpr mode_t kOwnerOnly = 0600;

Result<int> open_for_append(const std::string& path) {
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot write the log file {}: {}",
                                path,
                                std::error_code{errno, std::generic_category()}.message()));
    }
    return descriptor;
}

}  // namespace

Result<LogFile> LogFile::open(const std::string& path) {
    if (path == "-") {
        return LogFile{path, STDERR_FILENO};
    }
    PLUMB_TRY(descriptor, open_for_append(path));
    return LogFile{path, descriptor};
}

LogFile::LogFile(LogFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

LogFile::~LogFile() {
    if (descriptor_ >= 0 && descriptor_ != STDERR_FILENO) {
        ::close(descriptor_);
    }
}

void LogFile::write(std::string_view line) {
    const std::string text = fmt::format("{}\n", line);
    const std::scoped_lock lock{mutex_};
    static_cast<void>(::write(descriptor_, text.data(), text.size()));
}

Status LogFile::rotate() {
    if (descriptor_ == STDERR_FILENO) {
        return {};
    }
    const std::scoped_lock lock{mutex_};
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    std::error_code failed;
    std::filesystem::rename(path_, fmt::format("{}.{:%Y-%m-%dT%H-%M-%S}", path_, now), failed);
    if (failed) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot rename the log file {}: {}", path_, failed.message()));
    }
    PLUMB_TRY(descriptor, open_for_append(path_));
    ::close(std::exchange(descriptor_, descriptor));
    return {};
}

}  // namespace plumb::daemon
