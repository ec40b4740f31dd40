// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/watcher.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace plumb::wire {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kWakeUp = 0;  // connections are numbered from 1
constexpr int kEventsAtOnce = 64;
// How late a deadline may be noticed.
constexpr std::chrono::milliseconds kDeadlineSlack{250};
constexpr std::chrono::milliseconds kForEver{-1};

class WatcherImpl final : public Watcher {
  public:
    WatcherImpl(Socket events, Socket wake_up, OnHangUp on_hang_up)
        : events_(std::move(events)),
          wake_up_(std::move(wake_up)),
          on_hang_up_(std::move(on_hang_up)) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = kWakeUp;
        static_cast<void>(
            ::epoll_ctl(events_.descriptor(), EPOLL_CTL_ADD, wake_up_.descriptor(), &event));
        thread_ = std::thread{[this] { watch(); }};
    }
    WatcherImpl(const WatcherImpl&) = delete;
    WatcherImpl& operator=(const WatcherImpl&) = delete;
    ~WatcherImpl() override {
        {
            const std::scoped_lock lock{mutex_};
            stopping_ = true;
        }
        wake();
        thread_.join();
    }

    void add(std::int64_t id, const Socket& socket, std::chrono::milliseconds limit) override {
        {
            const std::scoped_lock lock{mutex_};
            watched_[id] = {&socket, std::chrono::steady_clock::now() + limit, false, false};
        }
        epoll_event event{};
        event.events = EPOLLRDHUP | EPOLLONESHOT;
        event.data.u64 = static_cast<std::uint64_t>(id);
        // A connection that cannot be watched is noticed to be gone at its next read.
        static_cast<void>(
            ::epoll_ctl(events_.descriptor(), EPOLL_CTL_ADD, socket.descriptor(), &event));
        wake();  // there is a deadline now
    }

    void greeted(std::int64_t id) override {
        const std::scoped_lock lock{mutex_};
        if (const auto found = watched_.find(id); found != watched_.end()) {
            found->second.deadline.reset();
        }
    }

    bool remove(std::int64_t id) override {
        const std::scoped_lock lock{mutex_};
        const auto found = watched_.find(id);
        if (found == watched_.end()) {
            return false;
        }
        epoll_event unused{};
        static_cast<void>(::epoll_ctl(
            events_.descriptor(), EPOLL_CTL_DEL, found->second.socket->descriptor(), &unused));
        const bool cut = found->second.cut;
        watched_.erase(found);
        return cut;
    }

  private:
    struct Watched {
        const Socket* socket = nullptr;  // not owned
        std::optional<SteadyTime> deadline;
        bool hung_up = false;
        bool cut = false;
    };

    void wake() const {
        const std::uint64_t one = 1;
        static_cast<void>(::write(wake_up_.descriptor(), &one, sizeof one));
    }

    void watch() {
        std::chrono::milliseconds rest = kForEver;
        while (true) {
            std::array<epoll_event, kEventsAtOnce> events{};
            const int count = ::epoll_wait(
                events_.descriptor(), events.data(), kEventsAtOnce, static_cast<int>(rest.count()));
            for (int at = 0; at < count; ++at) {
                note(events[static_cast<std::size_t>(at)].data.u64);
            }
            std::vector<std::int64_t> gone;
            {
                const std::scoped_lock lock{mutex_};
                if (stopping_) {
                    return;
                }
                rest = look_around(gone);
            }
            for (const std::int64_t id : gone) {
                on_hang_up_(id);
            }
        }
    }

    void note(std::uint64_t id) {
        if (id == kWakeUp) {
            std::uint64_t count = 0;
            static_cast<void>(::read(wake_up_.descriptor(), &count, sizeof count));
            return;
        }
        const std::scoped_lock lock{mutex_};
        if (const auto found = watched_.find(static_cast<std::int64_t>(id));
            found != watched_.end()) {
            found->second.hung_up = true;
        }
    }

    // Cuts who is late and collects who has hung up; gives how long it may sleep. requires mutex_
    std::chrono::milliseconds look_around(std::vector<std::int64_t>& gone) {
        const SteadyTime now = std::chrono::steady_clock::now();
        std::chrono::milliseconds rest = kForEver;
        for (auto& [id, watched] : watched_) {
            if (watched.hung_up) {
                gone.push_back(id);
            } else if (watched.deadline && now >= *watched.deadline) {
                watched.cut = true;
                watched.deadline.reset();
                watched.socket->shut_down();
            } else if (watched.deadline) {
                rest = kDeadlineSlack;
            }
        }
        return gone.empty() ? rest : kAgain;
    }

    Socket events_;   // an epoll descriptor
    Socket wake_up_;  // an eventfd
    OnHangUp on_hang_up_;
    std::mutex mutex_;  // guards what follows but the thread
    std::map<std::int64_t, Watched> watched_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Watcher>> Watcher::start(OnHangUp on_hang_up) {
    Socket events{::epoll_create1(EPOLL_CLOEXEC)};
    Socket wake_up{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (events.descriptor() < 0 || wake_up.descriptor() < 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot watch connections: {}",
                                std::error_code{errno, std::generic_category()}.message()));
    }
    return std::unique_ptr<Watcher>{std::make_unique<WatcherImpl>(
        std::move(events), std::move(wake_up), std::move(on_hang_up))};
}

}  // namespace plumb::wire
