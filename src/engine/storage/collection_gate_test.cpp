// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/collection_gate_internal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace plumb::storage {
namespace {

class CollectionGateTest : public ::testing::Test {
  protected:
    // Runs `wait` in a thread of its own; its outcome comes when the gate lets it through.
    template <class Wait>
    static std::future<Status> in_thread(Wait wait) {
        return std::async(std::launch::async, std::move(wait));
    }
    static bool is_waiting(const std::future<Status>& outcome) {
        return outcome.wait_for(std::chrono::milliseconds{150}) == std::future_status::timeout;
    }

    CollectionGate gate_;
    SystemClock clock_;
    Interrupt interrupt_{clock_};
};

TEST_F(CollectionGateTest, AloneWaitsForUsersAndForWriters) {
    gate_.enter();
    ASSERT_TRUE(gate_.enter_writer().ok());
    auto alone = in_thread([this] { return gate_.enter_alone(nullptr); });
    EXPECT_TRUE(is_waiting(alone));
    gate_.leave();
    EXPECT_TRUE(is_waiting(alone));
    gate_.leave_writer();
    EXPECT_TRUE(alone.get().ok());
    gate_.leave_alone();
}

TEST_F(CollectionGateTest, NobodyComesInBesideTheOneWhoIsAlone) {
    ASSERT_TRUE(gate_.enter_alone(nullptr).ok());
    auto user = in_thread([this] {
        gate_.enter();
        return Status{};
    });
    EXPECT_TRUE(is_waiting(user));
    EXPECT_FALSE(gate_.try_enter_alone());
    gate_.leave_alone();
    EXPECT_TRUE(user.get().ok());
    gate_.leave();
}

TEST_F(CollectionGateTest, AUserMayComeTwiceThoughSomebodyWaitsToBeAlone) {
    gate_.enter();
    auto alone = in_thread([this] { return gate_.enter_alone(nullptr); });
    EXPECT_TRUE(is_waiting(alone));
    gate_.enter();
    gate_.leave();
    gate_.leave();
    EXPECT_TRUE(alone.get().ok());
    gate_.leave_alone();
}

TEST_F(CollectionGateTest, AnInterruptEndsTheWaitToBeAlone) {
    gate_.enter();
    auto alone = in_thread([this] { return gate_.enter_alone(&interrupt_); });
    EXPECT_TRUE(is_waiting(alone));
    interrupt_.kill(ErrorCode::Interrupted);
    EXPECT_EQ(alone.get().error().code(), ErrorCode::Interrupted);
    gate_.enter();
    gate_.leave();
    gate_.leave();
    EXPECT_TRUE(gate_.try_enter_alone());
    gate_.leave_alone();
}

TEST_F(CollectionGateTest, ClosedToWritersRefusesThemAndLetsUsersIn) {
    ASSERT_TRUE(gate_.close_to_writers(interrupt_).ok());
    EXPECT_EQ(gate_.enter_writer().error().code(), ErrorCode::WriteConflict);
    gate_.enter();
    gate_.leave();
    gate_.open_to_writers();
    EXPECT_TRUE(gate_.enter_writer().ok());
    gate_.leave_writer();
}

TEST_F(CollectionGateTest, ClosingWaitsForTheWritersInside) {
    ASSERT_TRUE(gate_.enter_writer().ok());
    auto closed = in_thread([this] { return gate_.close_to_writers(interrupt_); });
    EXPECT_TRUE(is_waiting(closed));
    EXPECT_EQ(gate_.enter_writer().error().code(), ErrorCode::WriteConflict);
    gate_.leave_writer();
    EXPECT_TRUE(closed.get().ok());
    gate_.open_to_writers();
}

TEST_F(CollectionGateTest, ADeadlineEndsTheClosingAndOpensTheGateAgain) {
    ASSERT_TRUE(gate_.enter_writer().ok());
    interrupt_.set_deadline_after(std::chrono::milliseconds{30});
    EXPECT_EQ(gate_.close_to_writers(interrupt_).error().code(), ErrorCode::MaxTimeMSExpired);
    EXPECT_TRUE(gate_.enter_writer().ok());
    gate_.leave_writer();
    gate_.leave_writer();
}

TEST_F(CollectionGateTest, WhoClosesWhileAnotherHasClosedWaitsForThatOne) {
    ASSERT_TRUE(gate_.close_to_writers(interrupt_).ok());
    Interrupt second{clock_};
    auto closed = in_thread([&] { return gate_.close_to_writers(second); });
    EXPECT_TRUE(is_waiting(closed));
    gate_.open_to_writers();
    EXPECT_TRUE(closed.get().ok());
    gate_.open_to_writers();
}

TEST_F(CollectionGateTest, HeldBackWritersAreNewOnesOnly) {
    ASSERT_TRUE(gate_.enter_writer().ok());
    gate_.hold_writers_back(true);
    EXPECT_EQ(gate_.enter_writer().error().code(), ErrorCode::WriteConflict);
    gate_.leave_writer();
    gate_.hold_writers_back(false);
    EXPECT_TRUE(gate_.enter_writer().ok());
    gate_.leave_writer();
}

// `guarded` has no lock but the gate: a sanitizer sees whoever comes in beside its changer.
TEST_F(CollectionGateTest, ManyAtOnceNeverMeetTheOneWhoIsAlone) {
    constexpr int kRounds = 300;
    int guarded = 0;
    std::atomic<int> inside{0};
    std::atomic<bool> met{false};
    std::vector<std::thread> threads;
    for (int number = 0; number < 3; ++number) {
        threads.emplace_back([&] {
            for (int round = 0; round < kRounds; ++round) {
                gate_.enter();
                inside.fetch_add(1);
                met = met || guarded < 0;
                if (gate_.enter_writer().ok()) {
                    gate_.leave_writer();
                }
                inside.fetch_sub(1);
                gate_.leave();
            }
        });
    }
    threads.emplace_back([&] {
        for (int round = 0; round < kRounds / 10; ++round) {
            EXPECT_TRUE(gate_.enter_alone(nullptr).ok());
            const AloneGuard guard{gate_};
            met = met || inside.load() != 0;
            ++guarded;
        }
    });
    threads.emplace_back([&] {
        for (int round = 0; round < kRounds / 10; ++round) {
            EXPECT_TRUE(gate_.close_to_writers(interrupt_).ok());
            gate_.open_to_writers();
        }
    });
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_FALSE(met);
    EXPECT_EQ(guarded, kRounds / 10);
}

}  // namespace
}  // namespace plumb::storage
