// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/spill.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace plumb::query {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

Error system_failure(std::string_view what) {
    const int number = errno;
    const ErrorCode code = number == ENOSPC ? ErrorCode::OutOfDiskSpace : ErrorCode::IoError;
    return fail(code, fmt::format("{}: {}", what, std::generic_category().message(number)));
}

void put_length(std::string& buffer, std::size_t length) {
    const auto number = static_cast<std::uint32_t>(length);
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    buffer.append(bytes, sizeof bytes);
}

std::uint32_t get_length(const char* at) {
    std::uint32_t number = 0;
    std::memcpy(&number, at, sizeof number);
    return number;
}

}  // namespace

Result<SpillFile> SpillFile::create(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return system_failure("cannot make the folder " + folder);
    }
    std::string name = folder + "/spill-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return system_failure("cannot make a file in " + folder);
    }
    (void)::unlink(name.c_str());
    return SpillFile{descriptor};
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)),
      position_(other.position_) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(buffer_, other.buffer_);
    std::swap(position_, other.position_);
    return *this;
}

SpillFile::~SpillFile() {
    if (descriptor_ >= 0) {
        (void)::close(descriptor_);
    }
}

Status SpillFile::flush() {
    std::size_t written = 0;
    while (written < buffer_.size()) {
        const ssize_t count =
            ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
        if (count < 0 && errno != EINTR) {
            return system_failure("cannot write to a file of a stage that exceeds its memory");
        }
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    buffer_.clear();
    return {};
}

Status SpillFile::append(std::string_view key, std::string_view bytes) {
    put_length(buffer_, key.size());
    put_length(buffer_, bytes.size());
    buffer_.append(key);
    buffer_.append(bytes);
    return buffer_.size() >= kBufferBytes ? flush() : Status{};
}

Status SpillFile::rewind() {
    if (position_ == 0 && !buffer_.empty()) {
        PLUMB_CHECK(flush());
    }
    buffer_.clear();
    position_ = 0;
    if (::lseek(descriptor_, 0, SEEK_SET) < 0) {
        return system_failure("cannot go back in a file");
    }
    return {};
}

Result<bool> SpillFile::fill(std::size_t wanted) {
    if (buffer_.size() - position_ >= wanted) {
        return true;
    }
    buffer_.erase(0, position_);
    position_ = 0;
    while (buffer_.size() < wanted) {
        const std::size_t before = buffer_.size();
        buffer_.resize(std::max(before + kBufferBytes, wanted));
        const ssize_t count = ::read(descriptor_, buffer_.data() + before, buffer_.size() - before);
        buffer_.resize(before + (count > 0 ? static_cast<std::size_t>(count) : 0));
        if (count < 0 && errno != EINTR) {
            return system_failure("cannot read a file");
        }
        if (count == 0) {
            return false;
        }
    }
    return true;
}

Result<std::optional<SpillFile::Record>> SpillFile::next() {
    constexpr std::size_t kHeader = 2 * sizeof(std::uint32_t);
    PLUMB_TRY(has_header, fill(kHeader));
    if (!has_header) {
        return std::optional<Record>{};
    }
    const std::size_t key_bytes = get_length(buffer_.data() + position_);
    const std::size_t value_bytes = get_length(buffer_.data() + position_ + 4);
    PLUMB_TRY(has_record, fill(kHeader + key_bytes + value_bytes));
    if (!has_record) {
        return fail(ErrorCode::IoError, "a file of a stage that exceeds its memory ends too early");
    }
    const char* at = buffer_.data() + position_ + kHeader;
    position_ += kHeader + key_bytes + value_bytes;
    return std::optional{Record{{at, key_bytes}, {at + key_bytes, value_bytes}}};
}

}  // namespace plumb::query
