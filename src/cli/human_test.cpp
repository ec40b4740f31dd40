// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <gtest/gtest.h>

namespace plumb::cli {
namespace {

using std::chrono::milliseconds;

TEST(Human, GroupsDigits) {
    EXPECT_EQ(human_count(0), "0");
    EXPECT_EQ(human_count(999), "999");
    EXPECT_EQ(human_count(1000), "1 000");
    EXPECT_EQ(human_count(-1234567), "-1 234 567");
}

TEST(Human, ChoosesUnitsOfBytes) {
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(1000), "1.0 kB");
    EXPECT_EQ(human_bytes(1'400'000), "1.4 MB");
    EXPECT_EQ(human_bytes(250'000'000), "250 MB");
}

TEST(Human, ChoosesUnitsOfTime) {
    EXPECT_EQ(human_duration(milliseconds{7}), "7 ms");
    EXPECT_EQ(human_duration(milliseconds{4200}), "4.2 s");
    EXPECT_EQ(human_duration(milliseconds{65'000}), "1 min 05 s");
    EXPECT_EQ(human_duration(milliseconds{3'900'000}), "1 h 05 min");
}

TEST(Human, ProgressLineSaysShareRateAndTimeLeft) {
    EXPECT_EQ(progress_line("orders", 25, 100, 5.0), "orders 25 / 100 (25 %), 5/s, 15.0 s left");
    EXPECT_EQ(progress_line("orders", 25, 0, 5.0), "orders 25, 5/s");
    EXPECT_EQ(progress_line("orders", 100, 100, 5.0), "orders 100 / 100 (100 %), 5/s");
}

}  // namespace
}  // namespace plumb::cli
