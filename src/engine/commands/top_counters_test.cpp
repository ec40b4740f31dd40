// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/top_counters.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace plumb::commands {
namespace {

using std::chrono::microseconds;

const TopUsage& usage(const TopRow& row, TopColumn column) {
    return row[static_cast<std::size_t>(column)];
}

bool keep_all(std::string_view) {
    return true;
}

TEST(TopCounters, CountsByKindAndByLock) {
    TopCounters top;
    top.add("shop.orders", *find_command("find"), microseconds{30});
    top.add("shop.orders", *find_command("insert"), microseconds{12});
    top.add("shop.orders", *find_command("count"), microseconds{5});
    top.add("shop.$cmd", *find_command("ping"), microseconds{1});
    const auto rows = top.rows(keep_all);
    const TopRow& orders = rows.at("shop.orders");
    EXPECT_EQ(usage(orders, TopColumn::Total).count, 3);
    EXPECT_EQ(usage(orders, TopColumn::Total).microseconds, 47);
    EXPECT_EQ(usage(orders, TopColumn::ReadLock).count, 2);
    EXPECT_EQ(usage(orders, TopColumn::WriteLock).count, 1);
    EXPECT_EQ(usage(orders, TopColumn::Queries).microseconds, 30);
    EXPECT_EQ(usage(orders, TopColumn::Insert).microseconds, 12);
    EXPECT_EQ(usage(orders, TopColumn::Commands).microseconds, 5);
    EXPECT_EQ(usage(rows.at("shop.$cmd"), TopColumn::ReadLock).count, 0);
}

TEST(TopCounters, ForgetsWhatIsGone) {
    TopCounters top;
    top.add("shop.gone", *find_command("find"), microseconds{30});
    EXPECT_TRUE(top.rows([](std::string_view ns) { return ns != "shop.gone"; }).empty());
    EXPECT_TRUE(top.rows(keep_all).empty());
}

TEST(TopCounters, AnotherCollectionOfTheNameBeginsAtZero) {
    TopCounters top;
    top.add("shop.orders", *find_command("find"), microseconds{30});
    top.forget("shop.orders");
    top.add("shop.orders", *find_command("find"), microseconds{4});
    EXPECT_EQ(usage(top.rows(keep_all).at("shop.orders"), TopColumn::Total).microseconds, 4);
}

TEST(TopCounters, CountsFromManyThreads) {
    TopCounters top;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&top] {
            for (int i = 0; i < 1000; ++i) {
                top.add(i % 2 == 0 ? "shop.a" : "shop.b", *find_command("find"), microseconds{1});
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(usage(top.rows(keep_all).at("shop.a"), TopColumn::Queries).count, 2000);
}

}  // namespace
}  // namespace plumb::commands
