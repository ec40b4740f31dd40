// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/data_directory_internal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

namespace plumb::storage {

namespace {

namespace fs = std::filesystem;

constexpr const char* kVersionFile = "plumbline.version";

Error io_error(const fs::path& path, std::string_view doing, std::string_view why) {
    return fail(ErrorCode::IoError, fmt::format("{} {}: {}", doing, path.string(), why));
}

Status sync_path(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::fsync(file) != 0) {
        const int error = errno;
        if (file >= 0) {
            ::close(file);
        }
        return io_error(path, "syncing", std::strerror(error));
    }
    ::close(file);
    return {};
}

// Written beside and renamed, so that a crash leaves the whole file or none.
Status write_version(const fs::path& directory) {
    const fs::path fresh = directory / (std::string{kVersionFile} + ".new");
    {
        std::ofstream out{fresh, std::ios::trunc};
        out << kDataVersion << '\n';
        out.flush();
        if (!out) {
            return io_error(fresh, "writing", std::strerror(errno));
        }
    }
    PLUMB_CHECK(sync_path(fresh));
    std::error_code error;
    fs::rename(fresh, directory / kVersionFile, error);
    if (error) {
        return io_error(fresh, "renaming", error.message());
    }
    return sync_path(directory);
}

bool is_number(std::string_view text) {
    constexpr std::size_t kDigitsMax = 9;
    return !text.empty() && text.size() <= kDigitsMax &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

Status check_version(const fs::path& directory) {
    std::ifstream in{directory / kVersionFile};
    std::string line;
    std::getline(in, line);
    if (line != std::to_string(kDataVersion)) {
        return fail(
            ErrorCode::DataVersionMismatch,
            fmt::format("{} says format version {}, this program reads version {}; start the "
                        "program that wrote it, or name another directory",
                        (directory / kVersionFile).string(),
                        is_number(line) ? line : "\"unreadable\"",
                        kDataVersion));
    }
    return {};
}

Status make_directory(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        return io_error(directory, "creating the data directory", error.message());
    }
    fs::permissions(directory, fs::perms::owner_all, error);
    if (error) {
        return io_error(directory, "making private the data directory", error.message());
    }
    return {};
}

}  // namespace

Status prepare_data_directory(const fs::path& directory) {
    std::error_code error;
    if (fs::exists(directory / kVersionFile, error)) {
        return check_version(directory);
    }
    if (fs::exists(directory / "WiredTiger", error)) {
        return fail(ErrorCode::DataVersionMismatch,
                    directory.string() +
                        " holds the data of another program (WiredTiger files, but "
                        "not ours); name another directory");
    }
    PLUMB_CHECK(make_directory(directory));
    fs::create_directory(directory / "journal", error);
    if (error) {
        return io_error(directory / "journal", "creating", error.message());
    }
    return write_version(directory);
}

fs::path temporary_directory(const fs::path& directory) {
    return directory / "tmp";
}

Status empty_temporary_directory(const fs::path& directory) {
    const fs::path temporary = temporary_directory(directory);
    std::error_code error;
    fs::remove_all(temporary, error);
    if (!error) {
        fs::create_directory(temporary, error);
    }
    if (error) {
        return io_error(temporary, "emptying", error.message());
    }
    return {};
}

}  // namespace plumb::storage
