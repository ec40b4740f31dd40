// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/figures.h"

#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

TEST(Figures, AreShortAndCarryTheirUnit) {
    EXPECT_EQ(duration_text(740), "740 ns");
    EXPECT_EQ(duration_text(704'000), "704 µs");
    EXPECT_EQ(duration_text(12'440'000), "12.4 ms");
    EXPECT_EQ(duration_text(1'234'000'000), "1.23 s");
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(1.5), "1.5");
    EXPECT_EQ(count_text(100'000), "100 000");
    EXPECT_EQ(count_text(1'234'567), "1 234 567");
    EXPECT_EQ(documents_text(1), "1 document");
    EXPECT_EQ(documents_text(0.8), "0.8 documents");
    EXPECT_EQ(bytes_text(926), "926 B");
    EXPECT_EQ(bytes_text(9'100'000), "9.10 MB");
    EXPECT_EQ(factor_text(59.4), "59.4×");
    EXPECT_EQ(interval_text(3, 2.5, 3.25), "3.00× (2.50–3.25)");
    EXPECT_EQ(percent_text(70.2), "70 %");
    EXPECT_EQ(percent_text(-4.25), "-4.2 %");
}

TEST(Figures, FillByWhatIsSeenNotByBytes) {
    EXPECT_EQ(columns_of("704 µs → 1"), 10U);
    EXPECT_EQ(fill_right("µ", 3), "µ  ");
    EXPECT_EQ(fill_left("µ", 3), "  µ");
    EXPECT_EQ(fill_right("long", 2), "long");
}

}  // namespace
}  // namespace plumb::bench
