// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/time_zone.h"

#include "engine/query/date_calendar.h"
#include "engine/query/date_format.h"
#include "engine/query/date_parse.h"

#include <gtest/gtest.h>

namespace plumb::query {

namespace {

std::int64_t ms_of(std::string_view text) {
    const auto date = parse_date(text, nullptr);
    EXPECT_TRUE(date.ok()) << text;
    return date.ok() ? date->ms : 0;
}

struct ZoneCase {
    const char* zone;
    const char* utc;
    const char* wall;
};

class Zones : public ::testing::TestWithParam<ZoneCase> {};

TEST_P(Zones, KnowTheWallClock) {
    const auto zone = TimeZone::find(GetParam().zone);
    ASSERT_TRUE(zone.ok());
    const std::int64_t utc = ms_of(GetParam().utc);
    EXPECT_EQ(utc + (*zone)->offset_at(utc) * 1000, ms_of(GetParam().wall))
        << GetParam().zone << " " << GetParam().utc;
}

INSTANTIATE_TEST_SUITE_P(
    Moments,
    Zones,
    ::testing::Values(ZoneCase{"Asia/Kolkata", "2026-01-27 13:45:30", "2026-01-27 19:15:30"},
                      ZoneCase{"+05:30", "2026-01-27 13:45:30", "2026-01-27 19:15:30"},
                      ZoneCase{"-0800", "2026-01-27 13:45:30", "2026-01-27 05:45:30"},
                      ZoneCase{"+05", "2026-01-27 13:45:30", "2026-01-27 18:45:30"},
                      ZoneCase{"UTC", "2026-01-27 13:45:30", "2026-01-27 13:45:30"},
                      // Around a change to summer time, and back.
                      ZoneCase{"America/New_York", "2026-03-08 06:59:59", "2026-03-08 01:59:59"},
                      ZoneCase{"America/New_York", "2026-03-08 07:00:00", "2026-03-08 03:00:00"},
                      ZoneCase{"America/New_York", "2026-11-01 05:59:59", "2026-11-01 01:59:59"},
                      ZoneCase{"America/New_York", "2026-11-01 06:00:00", "2026-11-01 01:00:00"},
                      // Behind the last transition of a file: by its rule.
                      ZoneCase{"Europe/Berlin", "2150-07-01 12:00:00", "2150-07-01 14:00:00"},
                      ZoneCase{"Europe/Berlin", "2150-01-01 12:00:00", "2150-01-01 13:00:00"},
                      ZoneCase{"Australia/Sydney", "2150-01-01 12:00:00", "2150-01-01 23:00:00"},
                      ZoneCase{"Australia/Sydney", "2150-07-01 12:00:00", "2150-07-01 22:00:00"}));

TEST(TimeZone, RefusesWhatIsNone) {
    for (const char* name :
         {"Nope/Zone", "../passwd", "/etc/passwd", "+5:3", "+053", "a b", "Asia"}) {
        const auto zone = TimeZone::find(name);
        ASSERT_FALSE(zone.ok()) << name;
        EXPECT_EQ(zone.error().code(), ErrorCode{40485}) << name;
    }
}

TEST(TimeZone, RefusesCutFiles) {
    EXPECT_FALSE(TimeZone::parse("").has_value());
    EXPECT_FALSE(TimeZone::parse("TZif2").has_value());
    std::string huge = "TZif2" + std::string(15, '\0') + std::string(24, '\x7F');
    EXPECT_FALSE(TimeZone::parse(huge).has_value());
}

TEST(TimeZone, WallClockGoesBackToUtc) {
    const auto zone = TimeZone::find("America/New_York");
    ASSERT_TRUE(zone.ok());
    EXPECT_EQ((*zone)->to_utc(ms_of("2026-07-01 08:00:00")), ms_of("2026-07-01 12:00:00"));
    EXPECT_EQ((*zone)->to_utc(ms_of("2026-12-01 08:00:00")), ms_of("2026-12-01 13:00:00"));
}

TEST(DateCalendar, DaysAndDatesAreInverse) {
    for (std::int64_t day = -800'000; day < 800'000; day += 37) {
        const CivilTime date = civil_from_ms(day * kMillisecondsPerDay);
        ASSERT_EQ(days_from_civil(date.year, date.month, date.day), day);
        ASSERT_EQ(days_from_iso_week(iso_week(date)), day);
    }
}

TEST(DateParse, ReadsTheFormsPeopleWrite) {
    const std::int64_t day = 1769472000000;  // 2026-01-27
    const std::int64_t moment = day + (10 * 60 + 11) * 60'000LL;
    for (const char* text : {"2026-01-27",
                             "20260127",
                             "2026/01/27",
                             "01/27/2026",
                             "27-01-2026",
                             "27 January 2026",
                             "January 27, 2026",
                             "Jan 27 2026",
                             "2026-W05-2",
                             "Tue, 27 Jan 2026",
                             "2026-027"}) {
        EXPECT_EQ(ms_of(text), day) << text;
    }
    for (const char* text : {"2026-01-27 10:11",
                             "2026-01-27T10:11:00",
                             "2026-01-27T10:11:00.000Z",
                             "2026-01-27 10:11 am",
                             "2026-01-27T15:41:00+05:30",
                             "2026-01-27T15:41:00 Asia/Kolkata",
                             "20260127T101100",
                             "Tue, 27 Jan 2026 10:11:00 GMT"}) {
        EXPECT_EQ(ms_of(text), moment) << text;
    }
    EXPECT_EQ(ms_of("2026-01-27 10:11 pm"), moment + 12 * 3'600'000LL);
}

TEST(DateParse, RefusesWhatIsNoDate) {
    for (const char* text : {"",
                             " ",
                             "nope",
                             "12",
                             "1.5",
                             "2026",
                             "2026-13-01",
                             "2026-02-30",
                             "10:11",
                             "2026-01-27T25:00",
                             "2026-01-27x",
                             "27/01/2026",
                             "2026-01-27 10:11 Nope"}) {
        const auto date = parse_date(text, nullptr);
        ASSERT_FALSE(date.ok()) << text;
        EXPECT_EQ(date.error().code(), ErrorCode::ConversionFailure) << text;
    }
}

TEST(DateFormat, WritesAllSpecifiers) {
    const auto zone = TimeZone::find("Asia/Kolkata");
    ASSERT_TRUE(zone.ok());
    const auto text =
        format_date({1769521530123}, **zone, "%Y %m %d %H %M %S %L %j %w %u %U %V %G %z %Z %%");
    ASSERT_TRUE(text.ok());
    EXPECT_EQ(*text, "2026 01 27 19 15 30 123 027 3 2 04 05 2026 +0530 +330 %");
}

}  // namespace

}  // namespace plumb::query
