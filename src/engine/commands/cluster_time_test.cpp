// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cluster_time.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

bson::Document gossip(bson::Timestamp time) {
    bson::Builder out;
    out.append("ping", 1);
    out.begin_document("$clusterTime").append("clusterTime", time).end();
    return out.finish();
}

TEST(ClusterTime, RisesWithEachWrite) {
    const SystemClock clock;
    ClusterTime time{clock};
    bson::Timestamp last = time.last_write();
    for (int write = 0; write < 100; ++write) {
        time.tick();
        EXPECT_GT(time.last_write(), last);
        last = time.last_write();
        EXPECT_GE(time.now(), last);
    }
}

TEST(ClusterTime, TakesOverWhatClientsHaveSeen) {
    const SystemClock clock;
    ClusterTime time{clock};
    const bson::Timestamp ahead{time.now().seconds + 1000, 5};
    EXPECT_TRUE(time.receive(gossip(ahead)).ok());
    EXPECT_EQ(time.now(), ahead);
    EXPECT_LT(time.last_write(), ahead);
    time.tick();
    EXPECT_GT(time.last_write(), ahead);
    EXPECT_TRUE(time.receive(gossip({1, 1})).ok());
    EXPECT_GT(time.now(), ahead);
}

TEST(ClusterTime, RefusesAFarFuture) {
    const SystemClock clock;
    ClusterTime time{clock};
    constexpr std::uint32_t kTwoYears = 2 * 366 * 24 * 60 * 60;
    const auto refused = time.receive(gossip({time.now().seconds + kTwoYears, 1}));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), ErrorCode{212});
}

}  // namespace
}  // namespace plumb::commands
