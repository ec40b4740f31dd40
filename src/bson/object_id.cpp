// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/object_id.h"

#include <atomic>
#include <chrono>
#include <random>

namespace plumb::bson {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// What stays the same for all ids of this process: five random bytes, and where its counter began.
struct ProcessPart {
    std::array<std::uint8_t, 5> random{};
    std::atomic<std::uint32_t> counter{0};

    ProcessPart() {
        std::random_device device;
        for (std::uint8_t& byte : random) {
            byte = static_cast<std::uint8_t>(device());
        }
        counter = device();
    }
};

}  // namespace

std::string ObjectId::to_hex() const {
    std::string out;
    out.reserve(24);
    for (const std::uint8_t byte : bytes) {
        out.push_back(kHexDigits[byte >> 4]);
        out.push_back(kHexDigits[byte & 15]);
    }
    return out;
}

std::optional<ObjectId> ObjectId::from_hex(std::string_view hex) {
    if (hex.size() != 24) {
        return std::nullopt;
    }
    ObjectId out;
    for (std::size_t i = 0; i < out.bytes.size(); ++i) {
        const int high = hex_value(hex[2 * i]);
        const int low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

std::uint32_t ObjectId::seconds() const {
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | static_cast<std::uint32_t>(bytes[3]);
}

ObjectId generate_object_id() {
    // The one piece of process-wide state: uniqueness among all threads needs one counter.
    static ProcessPart process;
    const auto seconds =
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    const std::uint32_t count = process.counter.fetch_add(1);
    ObjectId out;
    for (std::size_t i = 0; i < 4; ++i) {
        out.bytes[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
    }
    for (std::size_t i = 0; i < 5; ++i) {
        out.bytes[4 + i] = process.random[i];
    }
    for (std::size_t i = 0; i < 3; ++i) {
        out.bytes[9 + i] = static_cast<std::uint8_t>(count >> (16 - 8 * i));
    }
    return out;
}

}  // namespace plumb::bson
