// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/periodic_thread_internal.h"

#include <utility>

namespace plumb::storage {

void PeriodicThread::start(std::chrono::milliseconds every, std::function<void()> work) {
    thread_ = std::thread{[this, every, work = std::move(work)] {
        std::unique_lock lock{mutex_};
        while (!wake_.wait_for(lock, every, [this] { return stopping_; })) {
            lock.unlock();
            work();
            lock.lock();
        }
    }};
}

void PeriodicThread::stop() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

}  // namespace plumb::storage
