// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/utc.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace plumb::bench {

std::string utc_text(std::int64_t milliseconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(static_cast<std::time_t>(milliseconds / 1000)));
}

std::string utc_now() {
    return utc_text(std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count());
}

}  // namespace plumb::bench
