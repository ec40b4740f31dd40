// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/bootstrap.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumb::bench {
namespace {

// Uneven latencies around a centre, with a long tail.
std::vector<double> latencies(Random& random, double centre, std::size_t count) {
    std::vector<double> out;
    for (std::size_t index = 0; index < count; ++index) {
        const double noise = 0.8 + 0.4 * random.unit();
        out.push_back(centre * noise * (random.chance(0.02) ? 10 : 1));
    }
    return out;
}

TEST(Median, IsTheMiddle) {
    EXPECT_DOUBLE_EQ(median({3, 1, 2}), 2);
    EXPECT_DOUBLE_EQ(median({4, 1, 2, 3}), 2.5);
    EXPECT_DOUBLE_EQ(median({7}), 7);
}

TEST(RatioOfMedians, CoversTheTrueRatioAboutAsOftenAsItSays) {
    Random random{11};
    int covered = 0;
    constexpr int kTrials = 100;
    for (int trial = 0; trial < kTrials; ++trial) {
        const Interval interval = ratio_of_medians(latencies(random, 300, 60),
                                                   latencies(random, 100, 60),
                                                   static_cast<std::uint64_t>(trial));
        covered += interval.low <= 3 && interval.high >= 3 ? 1 : 0;
    }
    EXPECT_GE(covered, 88);
}

TEST(RatioOfMedians, SpansOneWhenNothingChangedAndNotWhenItDid) {
    Random random{12};
    const auto same = latencies(random, 100, 80);
    EXPECT_TRUE(ratio_of_medians(same, latencies(random, 100, 80), 1).spans_one());
    EXPECT_FALSE(ratio_of_medians(same, latencies(random, 50, 80), 1).spans_one());
}

TEST(RatioOfMedians, IsTheSameForTheSameSeed) {
    Random random{13};
    const auto one = latencies(random, 100, 40);
    const auto two = latencies(random, 90, 40);
    EXPECT_EQ(ratio_of_medians(one, two, 3).low, ratio_of_medians(one, two, 3).low);
    EXPECT_NE(ratio_of_medians(one, two, 3).low, ratio_of_medians(one, two, 4).low);
}

TEST(RatioOfMedians, TakesSingleValues) {
    const Interval interval = ratio_of_medians({10}, {4}, 1);
    EXPECT_DOUBLE_EQ(interval.point, 2.5);
    EXPECT_DOUBLE_EQ(interval.low, 2.5);
}

// Rounds whose level wanders by a factor e^(drift), each with a little noise of its own.
Rounds wandering(std::uint64_t seed, double drift) {
    Random random{seed};
    Rounds out(5);
    for (std::vector<double>& round : out) {
        const double level = 1e6 * std::exp(drift * (2 * random.unit() - 1));
        for (int sample = 0; sample < 40; ++sample) {
            round.push_back(level * (1 + 0.02 * random.unit()));
        }
    }
    return out;
}

std::vector<double> all_of(const Rounds& rounds) {
    std::vector<double> out;
    for (const std::vector<double>& round : rounds) {
        out.insert(out.end(), round.begin(), round.end());
    }
    return out;
}

// Samples of a round move together; whoever takes them for independent sees differences that are
// none in most comparisons.
TEST(RatioOfRounds, IsNotFooledByWhatMovesAWholeRound) {
    int called = 0;
    int called_if_independent = 0;
    for (std::uint64_t run = 0; run < 200; ++run) {
        const Rounds a = wandering(2 * run + 1, 0.1);
        const Rounds b = wandering(2 * run + 2, 0.1);
        called += ratio_of_rounds(a, b, 1).spans_one() ? 0 : 1;
        called_if_independent += ratio_of_medians(all_of(a), all_of(b), 1).spans_one() ? 0 : 1;
    }
    EXPECT_LE(called, 12);
    EXPECT_GT(called_if_independent, 60);
}

TEST(RatioOfRounds, SeesADifferenceThatIsThere) {
    const Rounds a = wandering(1, 0.02);
    Rounds b = wandering(2, 0.02);
    for (std::vector<double>& round : b) {
        for (double& sample : round) {
            sample /= 2;
        }
    }
    const Interval ratio = ratio_of_rounds(a, b, 1);
    EXPECT_NEAR(ratio.point, 2, 0.1);
    EXPECT_GT(ratio.low, 1.7);
}

TEST(RatioOfRounds, OfOneSampleSaysOnlyTheOrderOfMagnitude) {
    const Interval ratio = ratio_of_rounds({{3e6}}, {{2e6}, {2e6}}, 1);
    EXPECT_TRUE(ratio.spans_one());
    EXPECT_FALSE(ratio_of_rounds({{9e6}}, {{2e6}, {2e6}}, 1).spans_one());
}

// What moves both of a pair moves nothing.
TEST(RatioOfPairedRounds, SeesASmallDifferenceUnderLargeNoise) {
    Random random{5};
    Rounds a(8);
    Rounds b(8);
    for (std::size_t round = 0; round < a.size(); ++round) {
        for (int sample = 0; sample < 60; ++sample) {
            const double level = random.chance(0.5) ? 22e3 : 55e3;
            a[round].push_back(level * (1.08 + 0.02 * random.unit()));
            b[round].push_back(level * (1.00 + 0.02 * random.unit()));
        }
    }
    const Interval ratio = ratio_of_paired_rounds(a, b, 1);
    EXPECT_NEAR(ratio.point, 1.08, 0.01);
    EXPECT_GT(ratio.low, 1.05);
    EXPECT_LT(ratio.high, 1.11);
}

TEST(LogRatioOfHalves, ShowsWhatARunDiffersByFromItself) {
    EXPECT_DOUBLE_EQ(log_ratio_of_halves({{2, 2}, {1, 1}, {2, 2}, {1, 1}}), std::log(2));
    EXPECT_DOUBLE_EQ(log_ratio_of_halves({{1, 1}, {1, 1}}), 0);
    EXPECT_DOUBLE_EQ(log_ratio_of_halves({{1, 2, 3}}), 0);
}

}  // namespace
}  // namespace plumb::bench
