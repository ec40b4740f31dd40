// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/watcher.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <future>
#include <mutex>

namespace plumb::wire {
namespace {

struct Pair {
    Socket ours;
    Socket theirs;
};

Pair connected() {
    std::array<int, 2> descriptors{};
    PLUMB_ASSERT(::socketpair(AF_UNIX, SOCK_STREAM, 0, descriptors.data()) == 0);
    return {Socket{descriptors[0]}, Socket{descriptors[1]}};
}

constexpr std::chrono::hours kNever{1};
constexpr std::int64_t kId = 7;

TEST(Watcher, TellsThatTheOtherSideHungUp) {
    std::promise<std::int64_t> told;
    std::once_flag once;
    auto watcher =
        Watcher::start([&](std::int64_t id) { std::call_once(once, [&] { told.set_value(id); }); });
    ASSERT_TRUE(watcher.ok());
    Pair pair = connected();
    (*watcher)->add(kId, pair.ours, kNever);
    (*watcher)->greeted(kId);
    pair.theirs = Socket{};
    EXPECT_EQ(told.get_future().get(), kId);
    EXPECT_FALSE((*watcher)->remove(kId));
}

TEST(Watcher, TellsAgainUntilTheConnectionIsRemoved) {
    std::atomic<int> calls{0};
    std::promise<void> thrice;
    auto watcher = Watcher::start([&](std::int64_t) {
        if (++calls == 3) {
            thrice.set_value();
        }
    });
    ASSERT_TRUE(watcher.ok());
    Pair pair = connected();
    (*watcher)->add(kId, pair.ours, kNever);
    pair.theirs = Socket{};
    thrice.get_future().get();
    (*watcher)->remove(kId);
}

TEST(Watcher, CutsWhoDoesNotGreetInTime) {
    auto watcher = Watcher::start([](std::int64_t) {});
    ASSERT_TRUE(watcher.ok());
    Pair pair = connected();
    (*watcher)->add(kId, pair.ours, std::chrono::milliseconds{1});
    char byte = 0;
    const auto got = read_some(pair.theirs, &byte, 1);  // waits for the cut
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(*got, 0U);
    EXPECT_TRUE((*watcher)->remove(kId));
}

TEST(Watcher, LeavesAloneWhoGreeted) {
    auto watcher = Watcher::start([](std::int64_t) {});
    ASSERT_TRUE(watcher.ok());
    Pair late = connected();
    Pair greeted = connected();
    (*watcher)->add(kId, greeted.ours, std::chrono::milliseconds{1});
    (*watcher)->greeted(kId);
    (*watcher)->add(kId + 1, late.ours, std::chrono::milliseconds{1});
    char byte = 0;
    ASSERT_TRUE(read_some(late.theirs, &byte, 1).ok());  // the other's time is up as well now
    EXPECT_FALSE((*watcher)->remove(kId));
}

}  // namespace
}  // namespace plumb::wire
