// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"

#include <algorithm>
#include <cstring>

namespace plumb {
namespace {

constexpr std::size_t kFirstBlockBytes = 4096;
constexpr std::size_t kBlockBytesMax = std::size_t{1} << 20;
constexpr std::size_t kAlignment = 8;

}  // namespace

char* Arena::allocate(std::size_t bytes) {
    const std::size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (next_ == nullptr || rounded > static_cast<std::size_t>(end_ - next_)) {
        const std::size_t wanted =
            blocks_.empty() ? kFirstBlockBytes : std::min(blocks_.back().bytes * 2, kBlockBytesMax);
        const std::size_t size = std::max(wanted, rounded);
        // for_overwrite: the caller fills what it asked for, zeroing first would be paid twice
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
        bytes_held_ += size;
        next_ = blocks_.back().memory.get();
        end_ = next_ + size;
    }
    char* out = next_;
    next_ += rounded;
    return out;
}

std::string_view Arena::copy(std::string_view bytes) {
    char* out = allocate(bytes.size());
    if (!bytes.empty()) {
        std::memcpy(out, bytes.data(), bytes.size());
    }
    return {out, bytes.size()};
}

void Arena::reset() {
    if (blocks_.empty()) {
        return;
    }
    blocks_.resize(1);
    bytes_held_ = blocks_.front().bytes;
    next_ = blocks_.front().memory.get();
    end_ = next_ + blocks_.front().bytes;
}

}  // namespace plumb
