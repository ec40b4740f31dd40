// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/content_hash.h"

#include "bson/md5.h"

#include <fmt/format.h>

#include <cstring>

namespace plumb::copy {

void Contents::add(bson::View document) {
    bson::Md5 md5;
    md5.add(document.raw());
    const std::array<std::uint8_t, 16> digest = md5.finish();
    std::uint64_t digest_high = 0;
    std::uint64_t digest_low = 0;
    std::memcpy(&digest_high, digest.data(), sizeof digest_high);
    std::memcpy(&digest_low, digest.data() + sizeof digest_high, sizeof digest_low);
    low += digest_low;
    high += digest_high + (low < digest_low ? 1 : 0);
    ++documents;
    bytes += document.byte_size();
}

std::string Contents::hash_text() const {
    return fmt::format("{:016x}{:016x}", high, low);
}

}  // namespace plumb::copy
