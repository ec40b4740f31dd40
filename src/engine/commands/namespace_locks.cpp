// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/namespace_locks.h"

#include <chrono>

namespace plumb::commands {

namespace {

// How soon a waiter notices that it was interrupted.
constexpr std::chrono::milliseconds kLookAtInterrupt{20};

}  // namespace

NamespaceLocks::Guard::Guard(Guard&& other) noexcept
    : locks_(std::exchange(other.locks_, nullptr)), ns_(std::move(other.ns_)) {}

NamespaceLocks::Guard::~Guard() {
    if (locks_ == nullptr) {
        return;
    }
    {
        const std::scoped_lock lock{locks_->mutex_};
        locks_->held_.erase(ns_);
    }
    locks_->freed_.notify_all();
}

Result<NamespaceLocks::Guard> NamespaceLocks::lock(std::string_view ns, Interrupt& interrupt) {
    std::unique_lock lock{mutex_};
    if (held_.contains(ns)) {
        waiting_.insert(&interrupt);
    }
    while (held_.contains(ns)) {
        if (Status stop = interrupt.check_now(); !stop.ok()) {
            waiting_.erase(&interrupt);
            return std::move(stop).error();
        }
        freed_.wait_for(lock, kLookAtInterrupt);
    }
    waiting_.erase(&interrupt);
    held_.emplace(ns);
    return Guard{*this, std::string{ns}};
}

bool NamespaceLocks::is_waiting(const Interrupt& interrupt) const {
    const std::scoped_lock lock{mutex_};
    return waiting_.contains(&interrupt);
}

}  // namespace plumb::commands
