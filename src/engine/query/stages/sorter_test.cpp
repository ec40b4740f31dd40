// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/sorter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace plumb::query {
namespace {

// Few different keys, so that most documents have an equal neighbour whose order counts.
std::string key_of(int number) {
    return std::to_string(number * 7919 % 101);
}

std::vector<std::string> drain(Sorter& sorter) {
    std::vector<std::string> out;
    for (auto next = sorter.next(); next.ok() && next->has_value(); next = sorter.next()) {
        out.emplace_back(**next);
    }
    return out;
}

TEST(Sorter, KeepsTheOrderOfEqualKeysOverManyPieces) {
    for (const int count : {0, 1, 1000, 16 * 1024, 16 * 1024 + 1, 100'000}) {
        SCOPED_TRACE(count);
        PipelineContext context;
        Sorter sorter{context};
        std::vector<std::pair<std::string, std::string>> wanted;
        for (int number = 0; number < count; ++number) {
            wanted.emplace_back(key_of(number), std::to_string(number));
            ASSERT_TRUE(sorter.add(wanted.back().first, wanted.back().second).ok());
        }
        std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
            return a.first < b.first;
        });
        ASSERT_TRUE(sorter.finish().ok());
        const std::vector<std::string> sorted = drain(sorter);
        ASSERT_EQ(sorted.size(), wanted.size());
        for (std::size_t at = 0; at < sorted.size(); ++at) {
            ASSERT_EQ(sorted[at], wanted[at].second) << at;
        }
    }
}

TEST(Sorter, StopsWhenInterrupted) {
    const SystemClock clock;
    Interrupt interrupt{clock};
    PipelineContext context;
    context.interrupt = &interrupt;
    Sorter sorter{context};
    ASSERT_TRUE(sorter.add("b", "1").ok());
    ASSERT_TRUE(sorter.add("a", "2").ok());
    interrupt.kill(ErrorCode::Interrupted);
    EXPECT_EQ(sorter.finish().error().code(), ErrorCode::Interrupted);
}

}  // namespace
}  // namespace plumb::query
