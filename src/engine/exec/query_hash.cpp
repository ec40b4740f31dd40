// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/query_hash.h"

#include "engine/plan/query_key.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace plumb::exec {
namespace {

constexpr std::uint64_t kFirst = 0x87c37b91114253d5;
constexpr std::uint64_t kSecond = 0x4cf5ad432745937f;
constexpr std::size_t kBlock = 16;

std::uint64_t load(std::string_view bytes) {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes.data(), bytes.size());
    return out;
}

std::uint64_t scramble(std::uint64_t lane, int turn, std::uint64_t before, std::uint64_t after) {
    return std::rotl(lane * before, turn) * after;
}

std::uint64_t finish(std::uint64_t lane) {
    lane = (lane ^ (lane >> 33U)) * 0xff51afd7ed558ccd;
    lane = (lane ^ (lane >> 33U)) * 0xc4ceb9fe1a85ec53;
    return lane ^ (lane >> 33U);
}

std::string digits(std::string_view key) {
    return fmt::format("{:08X}", murmur3(key) & 0xFFFFFFFFU);
}

}  // namespace

std::uint64_t murmur3(std::string_view bytes) {
    const std::size_t size = bytes.size();
    std::uint64_t one = 0;
    std::uint64_t two = 0;
    while (bytes.size() >= kBlock) {
        one ^= scramble(load(bytes.substr(0, 8)), 31, kFirst, kSecond);
        one = (std::rotl(one, 27) + two) * 5 + 0x52dce729;
        two ^= scramble(load(bytes.substr(8, 8)), 33, kSecond, kFirst);
        two = (std::rotl(two, 31) + one) * 5 + 0x38495ab5;
        bytes.remove_prefix(kBlock);
    }
    if (bytes.size() > 8) {
        two ^= scramble(load(bytes.substr(8)), 33, kSecond, kFirst);
    }
    if (!bytes.empty()) {
        one ^= scramble(load(bytes.substr(0, 8)), 31, kFirst, kSecond);
    }
    one ^= size;
    two ^= size;
    one += two;
    two += one;
    return finish(one) + finish(two);
}

std::string query_hash(const plan::QueryRequest& request) {
    return digits(plan::query_key(request));
}

std::string plan_cache_hash(const plan::QueryRequest& request,
                            const storage::CollectionState& collection) {
    return digits(plan::query_key(request) + plan::index_key(request, collection));
}

}  // namespace plumb::exec
