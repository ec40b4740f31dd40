// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/run_file_internal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace plumb::storage {

namespace {

constexpr std::size_t kWriteBytes = 1024 * 1024;

Error system_error(std::string_view doing) {
    const int error = errno;
    const ErrorCode code =
        error == ENOSPC || error == EDQUOT ? ErrorCode::OutOfDiskSpace : ErrorCode::IoError;
    return fail(code, std::string{doing} + ": " + std::strerror(error));
}

}  // namespace

Result<std::unique_ptr<RunFile>> RunFile::create(const std::filesystem::path& directory) {
    std::string name = (directory / "sort-XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return system_error("creating a file for sorting in " + directory.string());
    }
    ::unlink(name.c_str());
    return std::make_unique<RunFile>(descriptor);
}

RunFile::~RunFile() {
    ::close(descriptor_);
}

Status RunFile::flush() {
    std::size_t written = 0;
    while (written < pending_.size()) {
        const ssize_t bytes =
            ::pwrite(descriptor_, pending_.data() + written, pending_.size() - written, end_);
        if (bytes < 0 && errno == EINTR) {
            continue;
        }
        if (bytes < 0) {
            return system_error("writing a file for sorting");
        }
        written += static_cast<std::size_t>(bytes);
        end_ += bytes;
    }
    pending_.clear();
    return {};
}

Result<Run> RunFile::write(const KeyBuffer& buffer) {
    Run run;
    run.offset = end_;
    for (std::size_t index = 0; index < buffer.size(); ++index) {
        pending_.append(buffer.raw(index));
        if (pending_.size() >= kWriteBytes) {
            PLUMB_CHECK(flush());
        }
    }
    PLUMB_CHECK(flush());
    run.bytes = end_ - run.offset;
    return run;
}

RunReader::RunReader(int descriptor, Run run, std::size_t buffer_bytes)
    : descriptor_(descriptor),
      offset_(run.offset),
      end_(run.offset + run.bytes),
      buffer_(std::max(buffer_bytes, sizeof(SortKeyHeader))) {}

// Sees to it that `wanted` bytes are in the buffer.
Status RunReader::fill(std::size_t wanted) {
    if (filled_ - begin_ >= wanted) {
        return {};
    }
    std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
    filled_ -= begin_;
    begin_ = 0;
    if (buffer_.size() < wanted) {
        buffer_.resize(wanted);
    }
    while (filled_ < wanted) {
        const auto room = static_cast<std::int64_t>(buffer_.size() - filled_);
        const ssize_t bytes = ::pread(descriptor_,
                                      buffer_.data() + filled_,
                                      static_cast<std::size_t>(std::min(room, end_ - offset_)),
                                      offset_);
        if (bytes < 0 && errno == EINTR) {
            continue;
        }
        if (bytes < 0) {
            return system_error("reading a file for sorting");
        }
        if (bytes == 0) {
            return fail(ErrorCode::IoError, "a file for sorting is shorter than it was written");
        }
        filled_ += static_cast<std::size_t>(bytes);
        offset_ += bytes;
    }
    return {};
}

Result<bool> RunReader::next() {
    if (begin_ == filled_ && offset_ == end_) {
        return false;
    }
    PLUMB_CHECK(fill(sizeof(SortKeyHeader)));
    SortKeyHeader header{};
    std::memcpy(&header, buffer_.data() + begin_, sizeof header);
    PLUMB_CHECK(fill(header.total()));
    key_ = read_sort_key(buffer_.data() + begin_);
    begin_ += header.total();
    return true;
}

}  // namespace plumb::storage
