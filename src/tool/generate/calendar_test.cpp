// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/calendar.h"

#include <gtest/gtest.h>

namespace plumb::generate {
namespace {

TEST(Calendar, ReadsAndWritesDays) {
    for (const char* text : {"1970-01-01", "2000-02-29", "2026-01-27", "2024-12-31"}) {
        const auto day = parse_day(text);
        ASSERT_TRUE(day.has_value()) << text;
        EXPECT_EQ(day_text(*day), text);
    }
    EXPECT_EQ(parse_day("2026-01-27")->number, 20'480);
}

TEST(Calendar, RefusesWhatIsNoDay) {
    for (const char* text : {"",
                             "2026-1-27",
                             "2026-02-30",
                             "2026-13-01",
                             "2025-02-29",
                             "-026-01-01",
                             "2026/01/27",
                             "2026-01-27T"}) {
        EXPECT_FALSE(parse_day(text).has_value()) << text;
    }
}

TEST(Calendar, CountsMonthsBackOverTheYear) {
    const Day day = *parse_day("2026-01-27");
    EXPECT_EQ(month_text(day, 0), "2026-01");
    EXPECT_EQ(month_text(day, 1), "2025-12");
    EXPECT_EQ(month_text(day, 25), "2023-12");
}

TEST(Calendar, KnowsWeekends) {
    EXPECT_FALSE(is_weekend(*parse_day("2026-01-23")));
    EXPECT_TRUE(is_weekend(*parse_day("2026-01-24")));
    EXPECT_TRUE(is_weekend(*parse_day("2026-01-25")));
    EXPECT_FALSE(is_weekend(*parse_day("2026-01-26")));
}

TEST(Calendar, WritesInstantsInTheShopsZone) {
    const Day day = *parse_day("2026-01-27");
    EXPECT_EQ(instant_text(instant_ms(day, 0)), "2026-01-27T00:00:00+05:30");
    EXPECT_EQ(instant_text(instant_ms(day, 310) + 7'999), "2026-01-27T05:10:07+05:30");
    EXPECT_EQ(instant_ms(Day{0}, 330), 0);
}

}  // namespace
}  // namespace plumb::generate
