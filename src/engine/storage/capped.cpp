// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/capped.h"

#include "base/assert.h"
#include "bson/number.h"
#include "engine/storage/capped_internal.h"

#include <algorithm>

namespace plumb::storage {

namespace {

using std::chrono::milliseconds;

// A transaction that waits keeps its snapshot, so not for long.
constexpr milliseconds kTurnWait{20};
constexpr milliseconds kInterruptPoll{50};

std::int64_t number_or_zero(bson::View options, std::string_view name) {
    const bson::ValueView value = options.find(name);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

}  // namespace

std::int64_t capped_bytes(const CollectionState& state) {
    constexpr std::int64_t kIfNotSaid = 4096;
    const std::int64_t size = number_or_zero(state.options, "size");
    return size > 0 ? size : kIfNotSaid;
}

std::uint64_t CappedNews::count() const {
    const std::lock_guard lock{mutex_};
    return count_;
}

void CappedNews::announce() {
    const std::lock_guard lock{mutex_};
    ++count_;
    changed_.notify_all();
}

Result<bool> CappedNews::wait(std::uint64_t seen, milliseconds limit, Interrupt& interrupt) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point until = Clock::now() + limit;
    std::unique_lock lock{mutex_};
    while (count_ == seen) {
        PLUMB_CHECK(interrupt.check_now());
        const Clock::time_point now = Clock::now();
        if (now >= until) {
            return false;
        }
        changed_.wait_until(lock, std::min(until, now + kInterruptPoll));
    }
    return true;
}

std::shared_ptr<Capped> Capped::of(const CollectionState& state) {
    if (!state.is_capped()) {
        return nullptr;
    }
    return std::shared_ptr<Capped>{
        new Capped{capped_bytes(state),  // NOLINT: the constructor is private
                   number_or_zero(state.options, "max")}};
}

Status Capped::take_turn() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, kTurnWait, [this] { return !taken_; })) {
        return fail(ErrorCode::WriteConflict,
                    "another operation writes to the capped collection; run the operation again");
    }
    taken_ = true;
    return {};
}

void Capped::give_turn(bool committed, bool brought_documents) {
    {
        const std::lock_guard lock{mutex_};
        PLUMB_ASSERT(taken_);
        taken_ = false;
        if (committed) {
            oldest_ = pending_oldest_;
        } else {
            pending_oldest_ = oldest_;
        }
    }
    changed_.notify_one();
    if (committed && brought_documents) {
        news_->announce();
    }
}

}  // namespace plumb::storage
