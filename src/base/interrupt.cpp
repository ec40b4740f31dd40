// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/interrupt.h"

namespace plumb {

void Interrupt::kill(ErrorCode code) {
    std::int32_t none = 0;
    reason_.compare_exchange_strong(none, static_cast<std::int32_t>(code));
}

void Interrupt::set_deadline_after(std::chrono::milliseconds limit) {
    deadline_ = clock_.monotonic() + limit;
    calls_ = 0;
}

Status Interrupt::check() {
    if (const std::int32_t reason = reason_.load(std::memory_order_relaxed); reason != 0) {
        return failed_with(ErrorCode{reason});
    }
    constexpr unsigned kCallsPerClockRead = 64;
    if (deadline_ && calls_++ % kCallsPerClockRead == 0 && clock_.monotonic() >= *deadline_) {
        return failed_with(ErrorCode::MaxTimeMSExpired);
    }
    return {};
}

Status Interrupt::check_now() {
    calls_ = 0;
    return check();
}

Status Interrupt::failed_with(ErrorCode code) const {
    switch (code) {
        case ErrorCode::MaxTimeMSExpired:
            return fail(code, "operation exceeded time limit");
        case ErrorCode::InterruptedAtShutdown:
            return fail(code, "interrupted at shutdown");
        default:
            return fail(code, "operation was interrupted");
    }
}

}  // namespace plumb
