// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/growth.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace plumb::rehearse {
namespace {

constexpr Whole kFiftieth{.share = 0.02, .documents = 1'000'000};

CommandCalls calls_of(const Traits& traits, const std::vector<double>& matched) {
    CommandCalls out{traits, {}};
    std::uint64_t number = 0;
    for (const double one : matched) {
        Call call;
        call.docs = call.keys = call.returned = one;
        call.command_hash = ++number;
        out.calls.push_back(call);
    }
    return out;
}

TEST(Growth, AScanGrowsWithTheCollection) {
    Traits scan;
    scan.scans = true;
    const Growth grown = grow(calls_of(scan, {20'000, 20'000, 20'000}), kFiftieth, 1);
    EXPECT_DOUBLE_EQ(grown.docs.value, 1'000'000);
}

TEST(Growth, ALookUpStays) {
    Traits look_up;
    look_up.limit = 1;
    look_up.from_itself = true;
    EXPECT_DOUBLE_EQ(grow(calls_of(look_up, {1, 1, 1, 1}), kFiftieth, 1).docs.value, 1);
}

TEST(Growth, ARangeGrowsByTheShare) {
    const Growth grown = grow(calls_of({}, {60, 64, 62, 58}), kFiftieth, 1);
    EXPECT_DOUBLE_EQ(grown.docs.value, 61 / 0.02);
    EXPECT_LT(grown.docs.low, grown.docs.value);
    EXPECT_GT(grown.docs.high, grown.docs.value);
}

TEST(Growth, TheDocumentAValueIsDrawnFromIsThereForCertain) {
    Traits history;
    history.from_itself = true;
    // One for certain, and one other in every second call: 25 others in all.
    EXPECT_DOUBLE_EQ(grow(calls_of(history, {1, 2, 1, 2}), kFiftieth, 1).docs.value, 26);
}

TEST(Growth, ALimitThatTheSampleReachesStays) {
    Traits page;
    page.limit = 20;
    EXPECT_DOUBLE_EQ(grow(calls_of(page, {20, 20, 20, 20}), kFiftieth, 1).docs.value, 20);
}

TEST(Growth, ALimitThatTheWholeReachesEndsTheReading) {
    Traits page;
    page.limit = 20;
    page.from_itself = true;
    const Growth grown = grow(calls_of(page, {2, 3, 1, 2, 3, 2, 4, 1}), kFiftieth, 1);
    EXPECT_NEAR(grown.docs.value, 20, 2);
    for (const Call& call : grown.calls) {
        EXPECT_LE(call.returned, 20);
    }
}

TEST(Growth, ASortInMemoryReadsPastTheLimit) {
    Traits page;
    page.limit = 20;
    page.sorts = true;
    EXPECT_DOUBLE_EQ(grow(calls_of(page, {10, 10, 10, 10}), kFiftieth, 1).docs.value, 500);
}

TEST(Growth, AWholeCopyIsMeasuredAndNotForecast) {
    const Growth grown = grow(calls_of({}, {5, 7}), {.share = 1, .documents = 100}, 1);
    EXPECT_TRUE(grown.docs.is_exact());
    EXPECT_DOUBLE_EQ(grown.docs.value, 6);
}

TEST(Growth, AReferenceIsTakenToHold) {
    Traits look_up;
    look_up.limit = 1;
    look_up.scans = true;
    look_up.from_another = true;
    // The sample lacks what is looked for and is read to its end; the whole is read to the middle.
    EXPECT_DOUBLE_EQ(grow(calls_of(look_up, {20'000, 20'000}), kFiftieth, 1).docs.value, 500'000);
}

}  // namespace
}  // namespace plumb::rehearse
