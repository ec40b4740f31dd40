// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/mixed.h"

#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

TEST(DueTimes, AreOfTheRateAndTheSameForOneSeed) {
    const MixedOptions options{std::chrono::milliseconds{20'000}, 500, 1, 7};
    const auto due = due_times(options);
    EXPECT_NEAR(static_cast<double>(due.size()), 10'000, 400);
    EXPECT_TRUE(std::is_sorted(due.begin(), due.end()));
    EXPECT_LT(due.back(), options.duration);
    EXPECT_EQ(due, due_times(options));
    // Gaps of a Poisson process: about 1/e of them are longer than the mean.
    std::int64_t longer = 0;
    for (std::size_t index = 1; index < due.size(); ++index) {
        longer += due[index] - due[index - 1] > std::chrono::milliseconds{2} ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(due.size()), 0.368, 0.03);
}

TEST(DueTimes, OfAClosedLoopAreNone) {
    EXPECT_TRUE(due_times(MixedOptions{}).empty());
}

TEST(DeclaredRate, IsASecond) {
    workload::Workload workload;
    workload.queries.resize(2);
    workload.queries[0].frequency = 600;
    workload.queries[1].frequency = 60;
    EXPECT_DOUBLE_EQ(declared_rate(workload), 11);
}

}  // namespace
}  // namespace plumb::bench
