// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

namespace plumb {

std::chrono::milliseconds SystemClock::now() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
}

std::chrono::nanoseconds SystemClock::monotonic() const {
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::milliseconds FakeClock::now() const {
    return std::chrono::milliseconds{now_ms_.load()};
}

std::chrono::nanoseconds FakeClock::monotonic() const {
    return now();
}

}  // namespace plumb
