// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_registry.h"

#include "base/clock.h"
#include "base/fault_points.h"
#include "engine/commands/partial_filter.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

namespace plumb::commands {
namespace {

class Registry : public testing::Test {
  protected:
    void SetUp() override {
        std::string name =
            (std::filesystem::temp_directory_path() / "plumb-sessions-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory_ = name;
        storage::EngineOptions options;
        options.directory = directory_ / "data";
        auto engine =
            storage::Engine::open(std::move(options), partial_filter_factory(), clock_, faults_);
        ASSERT_TRUE(engine.ok()) << engine.error().message();
        engine_ = std::move(engine).value();
        sessions_ = std::make_unique<SessionRegistry>(
            *engine_, clock_, [this](std::string_view id, std::optional<std::int64_t> number) {
                closed_.emplace_back(std::string{id} +
                                     (number ? " " + std::to_string(*number) : ""));
            });
    }
    void TearDown() override {
        sessions_.reset();
        engine_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    std::unique_ptr<SessionUse> take(const std::string& id) {
        auto use = sessions_->check_out(id, interrupt_);
        EXPECT_TRUE(use.ok());
        return use.ok() ? std::move(use).value() : nullptr;
    }
    void start_transaction(const std::string& id, std::int64_t number) {
        const auto use = take(id);
        ASSERT_TRUE(use->start_transaction(number).ok());
    }
    ErrorCode go_on(const std::string& id, std::int64_t number) {
        const Status status = take(id)->continue_transaction(number, false);
        return status.ok() ? ErrorCode::Ok : status.error().code();
    }

    std::filesystem::path directory_;
    FakeClock clock_{std::chrono::hours{500'000}};
    FaultPoints faults_;
    Interrupt interrupt_{clock_};
    std::vector<std::string> closed_;  // what was asked to close its cursors
    std::unique_ptr<storage::Engine> engine_;
    std::unique_ptr<SessionRegistry> sessions_;
};

TEST_F(Registry, SessionsEndWhenNobodyUsesThem) {
    ASSERT_TRUE(sessions_->touch("a").ok());
    ASSERT_TRUE(sessions_->touch("b").ok());
    clock_.advance(std::chrono::minutes{20});
    ASSERT_TRUE(sessions_->touch("b").ok());
    clock_.advance(std::chrono::minutes{20});
    sessions_->expire();
    EXPECT_EQ(sessions_->ids(), std::vector<std::string>{"b"});
    EXPECT_EQ(closed_, std::vector<std::string>{"a"});
}

TEST_F(Registry, TransactionsEndBeforeTheirSession) {
    start_transaction("a", 1);
    clock_.advance(std::chrono::seconds{59});
    sessions_->expire();
    EXPECT_EQ(go_on("a", 1), ErrorCode::Ok);
    clock_.advance(std::chrono::seconds{1});
    sessions_->expire();
    EXPECT_EQ(go_on("a", 1), ErrorCode::NoSuchTransaction);
    EXPECT_EQ(closed_, std::vector<std::string>{"a 1"});
    EXPECT_EQ(sessions_->counts().aborted, 1);
    EXPECT_EQ(sessions_->counts().sessions, 1);
}

TEST_F(Registry, OneOperationHasASession) {
    auto first = take("a");
    auto second = std::async(std::launch::async, [&] {
        Interrupt own{clock_};
        return sessions_->check_out("a", own).ok();
    });
    Interrupt stopped{clock_};
    stopped.kill(ErrorCode::Interrupted);
    const auto third = sessions_->check_out("a", stopped);
    ASSERT_FALSE(third.ok());
    EXPECT_EQ(third.error().code(), ErrorCode::Interrupted);
    first.reset();
    EXPECT_TRUE(second.get());
}

TEST_F(Registry, AKillInterruptsWhoeverHasTheSession) {
    start_transaction("a", 1);
    {
        const auto use = take("a");
        sessions_->kill("a");
        EXPECT_TRUE(interrupt_.killed());
        EXPECT_TRUE(use->is_transaction()) << "it is the user's until it is given back";
    }
    Interrupt other{clock_};
    const auto use = sessions_->check_out("a", other);
    ASSERT_TRUE(use.ok());
    EXPECT_EQ((*use)->continue_transaction(1, false).error().code(), ErrorCode::NoSuchTransaction);
}

TEST_F(Registry, AnEndLeavesASessionInUseAlone) {
    {
        const auto use = take("a");
        sessions_->end("a");
    }
    EXPECT_EQ(sessions_->ids().size(), 1U);
    sessions_->end("a");
    EXPECT_TRUE(sessions_->ids().empty());
}

TEST_F(Registry, NothingIsLeftOpenAtTheEnd) {
    start_transaction("a", 1);
    start_transaction("b", 1);
    sessions_->close_all();
    EXPECT_EQ(sessions_->counts().open, 0);
    EXPECT_EQ(sessions_->check_out("a", interrupt_).error().code(),
              ErrorCode::InterruptedAtShutdown);
}

}  // namespace
}  // namespace plumb::commands
