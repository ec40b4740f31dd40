// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/deployment/run_options.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

TEST(RunOptions, AWindowContainsItsStartAndNotItsEnd) {
    const auto night = parse_day_window("02:00-05:00");
    ASSERT_TRUE(night.ok());
    EXPECT_EQ(night->to_string(), "02:00-05:00");
    EXPECT_FALSE(night->contains(119));
    EXPECT_TRUE(night->contains(120));
    EXPECT_TRUE(night->contains(299));
    EXPECT_FALSE(night->contains(300));
}

TEST(RunOptions, AWindowGoesOverMidnight) {
    const auto late = parse_day_window("23:00-01:30");
    ASSERT_TRUE(late.ok());
    EXPECT_TRUE(late->contains(23 * 60));
    EXPECT_TRUE(late->contains(0));
    EXPECT_TRUE(late->contains(89));
    EXPECT_FALSE(late->contains(90));
    EXPECT_FALSE(late->contains(12 * 60));
    EXPECT_TRUE(parse_day_window("20:00-24:00")->contains(23 * 60 + 59));
}

TEST(RunOptions, RefusesWhatIsNoWindow) {
    for (const char* text : {"",
                             "02:00",
                             "2-5",
                             "02:00-",
                             "02:60-05:00",
                             "25:00-26:00",
                             "02:00-02:00",
                             "02:0-05:00"}) {
        EXPECT_FALSE(parse_day_window(text).ok()) << text;
    }
}

TEST(RunOptions, ReadsSpans) {
    EXPECT_EQ(parse_span("0")->count(), 0);
    EXPECT_EQ(parse_span("90s")->count(), 90);
    EXPECT_EQ(parse_span("10m")->count(), 600);
    EXPECT_EQ(parse_span("2h")->count(), 7200);
    for (const char* text : {"", "10", "m", "-1m", "10x", "8d", "99999999999999999999s"}) {
        EXPECT_FALSE(parse_span(text).ok()) << text;
    }
}

}  // namespace
}  // namespace plumb::migrate
