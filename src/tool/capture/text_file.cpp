// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/text_file_internal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plumb::capture {
namespace {

constexpr std::size_t kPackedBytes = 1U << 18U;
constexpr std::size_t kMagicBytes = 2;
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, a gzip header

}  // namespace

TextFile::TextFile(std::filesystem::path path) : path_(std::move(path)) {}

TextFile::~TextFile() {
    if (packed_) {
        inflateEnd(&stream_);
    }
    if (owns_) {
        ::close(descriptor_);
    }
}

Error TextFile::problem(std::string_view what) const {
    return fail(ErrorCode::IoError,
                fmt::format("{}: {}", path_ == "-" ? "standard input" : path_.string(), what));
}

Status TextFile::open() {
    if (path_ == "-") {
        descriptor_ = STDIN_FILENO;
    } else {
        descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor_ < 0) {
            return problem(std::strerror(errno));
        }
        owns_ = true;
    }
    // A pipe cannot be looked at beforehand, so the first bytes are kept for read().
    raw_.resize(kMagicBytes);
    std::size_t have = 0;
    while (have < kMagicBytes) {
        PLUMB_TRY(got, read_raw(raw_.data() + have, kMagicBytes - have));
        if (got == 0) {
            break;
        }
        have += got;
    }
    raw_.resize(have);
    const bool is_gzip = have == kMagicBytes && static_cast<unsigned char>(raw_[0]) == 0x1F &&
                         static_cast<unsigned char>(raw_[1]) == 0x8B;
    return is_gzip ? start_unpacking() : Status{};
}

Status TextFile::start_unpacking() {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) {
        return problem("out of memory");
    }
    packed_ = true;
    member_open_ = true;
    return {};
}

Result<std::size_t> TextFile::read_raw(char* to, std::size_t bytes) {
    while (true) {
        const ssize_t got = ::read(descriptor_, to, bytes);
        if (got >= 0) {
            position_ += got;
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR) {
            return problem(std::strerror(errno));
        }
    }
}

Result<std::size_t> TextFile::read(char* to, std::size_t bytes) {
    if (packed_) {
        return read_packed(to, bytes);
    }
    if (raw_at_ < raw_.size()) {
        const std::size_t part = std::min(bytes, raw_.size() - raw_at_);
        std::memcpy(to, raw_.data() + raw_at_, part);
        raw_at_ += part;
        return part;
    }
    return read_raw(to, bytes);
}

Result<std::size_t> TextFile::read_packed(char* to, std::size_t bytes) {
    // zlib takes no const and counts in unsigned bytes of its own type.
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(bytes, 1U << 30U));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted && !at_end_) {
        if (raw_at_ == raw_.size()) {
            raw_.resize(kPackedBytes);
            raw_at_ = 0;
            PLUMB_TRY(got, read_raw(raw_.data(), raw_.size()));
            raw_.resize(got);
            if (got == 0) {
                at_end_ = true;
                broken_off_ = member_open_ ? "the gzip data is cut short" : "";
                break;
            }
        }
        if (!member_open_) {
            inflateReset(&stream_);
            member_open_ = true;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(raw_.data() + raw_at_);
        stream_.avail_in = static_cast<uInt>(raw_.size() - raw_at_);
        const int state = inflate(&stream_, Z_NO_FLUSH);
        raw_at_ = raw_.size() - stream_.avail_in;
        if (state == Z_STREAM_END) {
            member_open_ = false;
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            at_end_ = true;
            broken_off_ = fmt::format("the gzip data is damaged near byte {}", position_);
        }
    }
    return static_cast<std::size_t>(wanted - stream_.avail_out);
}

}  // namespace plumb::capture
