// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include "base/assert.h"

namespace plumb {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

}  // namespace

std::uint64_t Random::next() {
    state_ += kGolden;
    return mix(state_);
}

std::uint64_t Random::below(std::uint64_t bound) {
    PLUMB_ASSERT(bound > 0);
    // The high half of a 128-bit product; its bias is below 2^-64 times the bound.
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
}

double Random::unit() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

Random Random::stream(std::uint64_t seed, std::uint64_t index) {
    return Random{mix(seed + kGolden) ^ mix(index * kGolden + 1)};
}

}  // namespace plumb
