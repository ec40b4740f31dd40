// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cursor_registry.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

class CursorRegistryTest : public ::testing::Test {
  protected:
    std::int64_t add(const char* ns, bool no_timeout = false) {
        auto cursor = std::make_unique<OpenCursor>();
        cursor->ns = ns;
        cursor->no_timeout = no_timeout;
        return cursors_.add(std::move(cursor));
    }
    ErrorCode check_out(std::int64_t id) {
        auto out = cursors_.check_out(id, interrupt_);
        return out.ok() ? ErrorCode::Ok : out.error().code();
    }

    FakeClock clock_{std::chrono::milliseconds{1000}};
    Interrupt interrupt_{clock_};
    CursorRegistry cursors_{clock_};
};

TEST_F(CursorRegistryTest, OneOperationHasACursorAtATime) {
    const std::int64_t id = add("shop.orders");
    EXPECT_GT(id, 0);
    auto mine = cursors_.check_out(id, interrupt_);
    ASSERT_TRUE(mine.ok());
    EXPECT_EQ(check_out(id), ErrorCode{12051});
    cursors_.check_in(std::move(*mine));
    EXPECT_EQ(check_out(id), ErrorCode::Ok);
}

TEST_F(CursorRegistryTest, KillingACursorInUseStopsItsOperation) {
    const std::int64_t id = add("shop.orders");
    auto mine = cursors_.check_out(id, interrupt_);
    ASSERT_TRUE(mine.ok());
    EXPECT_TRUE(cursors_.kill(id));
    EXPECT_TRUE(interrupt_.killed());
    EXPECT_FALSE(cursors_.kill(id));
    cursors_.check_in(std::move(*mine));
    EXPECT_EQ(check_out(id), ErrorCode::CursorNotFound);
    EXPECT_EQ(cursors_.counts().open, 0);
}

TEST_F(CursorRegistryTest, ADroppedCollectionIsToldOnce) {
    const std::int64_t dropped = add("shop.orders");
    const std::int64_t other = add("shop.orders2");
    cursors_.kill_namespace("shop.orders", fail(ErrorCode::QueryPlanKilled, "dropped"));
    EXPECT_EQ(check_out(dropped), ErrorCode::QueryPlanKilled);
    EXPECT_EQ(check_out(dropped), ErrorCode::CursorNotFound);
    EXPECT_EQ(check_out(other), ErrorCode::Ok);
}

TEST_F(CursorRegistryTest, ADroppedDatabaseTakesAllItsCursors) {
    const std::int64_t inside = add("shop.orders");
    const std::int64_t outside = add("shop2.orders");
    cursors_.kill_namespace("shop.", fail(ErrorCode::QueryPlanKilled, "dropped"));
    EXPECT_EQ(check_out(inside), ErrorCode::QueryPlanKilled);
    EXPECT_EQ(check_out(outside), ErrorCode::Ok);
}

TEST_F(CursorRegistryTest, IdleCursorsClose) {
    const std::int64_t idle = add("shop.orders");
    const std::int64_t kept = add("shop.orders", true);
    clock_.advance(cursors_.idle_limit() - std::chrono::milliseconds{1});
    cursors_.close_idle();
    EXPECT_EQ(cursors_.counts().open, 2);
    clock_.advance(std::chrono::milliseconds{1});
    cursors_.close_idle();
    EXPECT_EQ(check_out(idle), ErrorCode::CursorNotFound);
    EXPECT_EQ(check_out(kept), ErrorCode::Ok);
    EXPECT_EQ(cursors_.counts().timed_out, 1);
}

}  // namespace
}  // namespace plumb::commands
