// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer's entry. Which target: PLUMB_FUZZ_TARGET (tools/fuzz sets it).
#include "target.h"

#include <cstddef>
#include <cstdint>

namespace {

const plumb::fuzz::Target& chosen() {
    static const plumb::fuzz::Target* const target = [] {
        const char* const name = std::getenv("PLUMB_FUZZ_TARGET");
        const auto* const found = plumb::fuzz::find_target(name == nullptr ? "" : name);
        plumb::fuzz::require(found != nullptr, "PLUMB_FUZZ_TARGET names a target");
        return found;
    }();
    return *target;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen().run({reinterpret_cast<const char*>(data), size});
    return 0;
}
