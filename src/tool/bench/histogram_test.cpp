// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/histogram.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace plumb::bench {
namespace {

TEST(Histogram, KeepsEveryQuantileToWithinOnePerCent) {
    Random random{5};
    std::vector<std::int64_t> values;
    Histogram histogram;
    for (int index = 0; index < 20'000; ++index) {
        // From nanoseconds to minutes, each size as likely.
        const auto value = static_cast<std::int64_t>(random.next() >> (28 + random.below(34)));
        values.push_back(value);
        histogram.record(value);
    }
    std::sort(values.begin(), values.end());
    for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
        const auto rank = static_cast<std::size_t>(q * 20'000) - 1;
        const double exact = static_cast<double>(values[rank]);
        EXPECT_NEAR(static_cast<double>(histogram.quantile(q)), exact, 1 + exact * 0.01) << q;
    }
    EXPECT_EQ(histogram.max(), values.back());
    EXPECT_EQ(histogram.min(), values.front());
    EXPECT_EQ(histogram.quantile(1.0), values.back());
}

TEST(Histogram, IsExactForSmallValuesAndSafeForOddOnes) {
    Histogram histogram;
    EXPECT_EQ(histogram.quantile(0.5), 0);
    histogram.record(-5);
    histogram.record(7);
    histogram.record(100);
    EXPECT_EQ(histogram.quantile(0.5), 7);
    EXPECT_EQ(histogram.quantile(0.0), 0);
    EXPECT_EQ(histogram.count(), 3);
}

TEST(Histogram, MergesAsIfCountedTogether) {
    Histogram one;
    Histogram two;
    Histogram both;
    for (std::int64_t value = 1; value < 5000; value += 7) {
        (value % 2 == 0 ? one : two).record(value * 1000);
        both.record(value * 1000);
    }
    one.merge(two);
    EXPECT_EQ(one.count(), both.count());
    EXPECT_EQ(one.quantile(0.5), both.quantile(0.5));
    EXPECT_EQ(one.min(), both.min());
    EXPECT_DOUBLE_EQ(one.mean(), both.mean());
}

}  // namespace
}  // namespace plumb::bench
