// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/history.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace plumb::watch {
namespace {

// One member with a counter, fed by hand.
class Counter {
  public:
    Counter() {
        id_ = catalogue_.id_of({Kind::Counter, "ops", "m", "", ""});
        started_ = catalogue_.id_of({Kind::Gauge, "started_ms", "m", "", ""});
        history_.set_interval(30'000);
    }
    void feed(std::int64_t at_s, std::optional<std::int64_t> value, std::int64_t started_s = -100) {
        Sample sample{.at_ms = at_s * 1000};
        if (value) {
            sample.set(id_, *value);
            sample.set(started_, started_s * 1000);
        }
        history_.feed(catalogue_, sample);
    }
    std::optional<double> amount() const { return history_.amount(id_); }
    std::optional<double> rate() const { return history_.rate(id_); }
    History& history() { return history_; }
    std::size_t id() const { return id_; }

  private:
    Catalogue catalogue_;
    History history_;
    std::size_t id_ = 0;
    std::size_t started_ = 0;
};

TEST(History, FirstValueOfACounterIsNoAmount) {
    Counter counter;
    counter.feed(0, 500);
    EXPECT_FALSE(counter.amount().has_value());
}

TEST(History, AmountIsWhatWasAddedAndTheRateIsThatASecond) {
    Counter counter;
    counter.feed(0, 500);
    counter.feed(30, 800);
    EXPECT_EQ(counter.amount(), 300);
    EXPECT_EQ(counter.rate(), 10);
}

TEST(History, RestartGivesWhatWasCountedSinceThen) {
    Counter counter;
    counter.feed(0, 500);
    counter.feed(30, 40, 20);
    EXPECT_EQ(counter.amount(), 40);
    EXPECT_EQ(counter.history().just_restarted().count("m"), 1U);
    ASSERT_EQ(counter.history().restarts().size(), 1U);
    EXPECT_EQ(counter.history().restarts()[0].at_ms, 30'000);
}

TEST(History, RestartIsSeenThoughTheCounterHasOvertakenTheOldOne) {
    Counter counter;
    counter.feed(0, 500);
    counter.feed(3600, 9000, 10);
    EXPECT_EQ(counter.amount(), 9000);
}

TEST(History, ClockThatIsSetALittleIsNoRestart) {
    Counter counter;
    counter.feed(0, 500, -100);
    counter.feed(30, 600, -99);
    EXPECT_TRUE(counter.history().just_restarted().empty());
    EXPECT_EQ(counter.amount(), 100);
}

TEST(History, MemberThatWasAwayIsCountedOverItsWholeAbsence) {
    Counter counter;
    counter.feed(0, 500);
    counter.feed(30, std::nullopt);
    counter.feed(60, 1100);
    EXPECT_EQ(counter.amount(), 600);
    EXPECT_EQ(counter.rate(), 10);
}

TEST(History, PauseIsAGap) {
    Counter counter;
    counter.feed(0, 500);
    counter.feed(30, 510);
    counter.feed(3600, 1000);
    ASSERT_EQ(counter.history().gaps().size(), 1U);
    EXPECT_EQ(counter.history().gaps()[0].from_ms, 30'000);
    EXPECT_EQ(counter.history().gaps()[0].to_ms, 3'600'000);
}

TEST(History, NewSessionIsAGapHoweverShort) {
    Counter counter;
    counter.feed(0, 500);
    counter.history().begin_session();
    counter.feed(31, 510);
    EXPECT_EQ(counter.history().gaps().size(), 1U);
}

RC_GTEST_PROP(History, NothingIsEverLessThanZero, (const std::vector<std::int32_t>& values)) {
    Counter counter;
    std::int64_t at_s = 0;
    for (const std::int32_t value : values) {
        const std::int64_t started_s = *rc::gen::inRange<std::int64_t>(-200, 200);
        counter.feed(at_s += *rc::gen::inRange(1, 400), value, started_s);
        RC_ASSERT(counter.amount().value_or(0) >= 0);
        RC_ASSERT(counter.rate().value_or(0) >= 0);
        RC_ASSERT(counter.history().total(counter.id()) >= 0);
        RC_ASSERT(counter.history().lately(counter.id()) >= 0);
    }
}

}  // namespace
}  // namespace plumb::watch
