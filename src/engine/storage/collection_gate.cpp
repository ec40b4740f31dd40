// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/assert.h"
#include "engine/storage/collection_gate_internal.h"

#include <chrono>

namespace plumb::storage {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHoldOff{40};     // new users wait this long for one who wants to be alone
constexpr milliseconds kLetThrough{40};  // and then may come in for this long
constexpr milliseconds kInterruptPoll{10};

}  // namespace

void CollectionGate::enter() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !alone_ && !users_held_off_; });
    ++users_;
}

void CollectionGate::leave() {
    const std::lock_guard lock{mutex_};
    PLUMB_ASSERT(users_ > 0);
    if (--users_ == 0) {
        changed_.notify_all();
    }
}

bool CollectionGate::try_enter_alone() {
    std::unique_lock lock{mutex_};
    const auto empty = [this] { return !alone_ && users_ == 0 && writers_ == 0; };
    users_held_off_ = true;
    const bool got_it = changed_.wait_for(lock, kHoldOff, empty);
    users_held_off_ = false;
    if (got_it) {
        alone_ = true;
    } else {
        changed_.notify_all();
    }
    return got_it;
}

Status CollectionGate::enter_alone(Interrupt* interrupt) {
    while (!try_enter_alone()) {
        if (interrupt != nullptr) {
            PLUMB_CHECK(interrupt->check_now());
        }
        std::unique_lock lock{mutex_};
        const auto empty = [this] { return !alone_ && users_ == 0 && writers_ == 0; };
        if (changed_.wait_for(lock, kLetThrough, empty)) {
            alone_ = true;
            return {};
        }
    }
    return {};
}

void CollectionGate::leave_alone() {
    const std::lock_guard lock{mutex_};
    PLUMB_ASSERT(alone_);
    alone_ = false;
    changed_.notify_all();
}

Status CollectionGate::enter_writer() {
    const std::lock_guard lock{mutex_};
    if (writers_shut_out_ || writers_held_back_) {
        return fail(ErrorCode::WriteConflict,
                    "an index build has the collection for a moment; run the operation again");
    }
    ++writers_;
    return {};
}

void CollectionGate::leave_writer() {
    const std::lock_guard lock{mutex_};
    PLUMB_ASSERT(writers_ > 0);
    if (--writers_ == 0) {
        changed_.notify_all();
    }
}

Status CollectionGate::close_to_writers(Interrupt& interrupt) {
    std::unique_lock lock{mutex_};
    while (writers_shut_out_) {
        changed_.wait_for(lock, kInterruptPoll);
        PLUMB_CHECK(interrupt.check_now());
    }
    writers_shut_out_ = true;
    while (writers_ > 0) {
        changed_.wait_for(lock, kInterruptPoll);
        if (Status stop = interrupt.check_now(); !stop.ok()) {
            writers_shut_out_ = false;
            changed_.notify_all();
            return stop;
        }
    }
    return {};
}

void CollectionGate::hold_writers_back(bool on) {
    const std::lock_guard lock{mutex_};
    writers_held_back_ = on;
}

void CollectionGate::open_to_writers() {
    const std::lock_guard lock{mutex_};
    writers_shut_out_ = false;
    changed_.notify_all();
}

}  // namespace plumb::storage
