// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/strays.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

bool stray(std::string_view operation) {
    const auto parsed = bson::from_json(operation);
    EXPECT_TRUE(parsed.ok());
    return is_stray(*parsed, "shop");
}

TEST(Strays, AreOurChangingCommandsOnThisDatabase) {
    EXPECT_TRUE(stray(R"({"appName": "plumbline", "ns": "shop.orders",
                          "command": {"update": "orders", "$db": "shop"}})"));
    EXPECT_TRUE(stray(R"({"appName": "plumbline", "ns": "shop.orders",
                          "command": {"aggregate": "orders", "$db": "shop"}})"));
    EXPECT_TRUE(stray(R"({"appName": "plumbline", "ns": "admin.$cmd",
                          "command": {"renameCollection": "shop.orders", "$db": "admin"}})"));
}

TEST(Strays, AreNobodyElses) {
    EXPECT_FALSE(stray(R"({"appName": "shop", "ns": "shop.orders",
                           "command": {"update": "orders", "$db": "shop"}})"));
    EXPECT_FALSE(stray(R"({"ns": "shop.orders", "command": {"update": "orders"}})"));
    EXPECT_FALSE(stray(R"({"appName": "plumbline", "ns": "shop2.orders",
                           "command": {"update": "orders", "$db": "shop2"}})"));
    EXPECT_FALSE(stray(R"({"appName": "plumbline", "ns": "shop.orders",
                           "command": {"find": "orders", "$db": "shop"}})"));
    EXPECT_FALSE(stray(R"({"appName": "plumbline", "ns": "shop._plumb_lock",
                           "command": {"update": "_plumb_lock", "$db": "shop"}})"));
    EXPECT_FALSE(stray(R"({"appName": "plumbline"})"));
}

}  // namespace
}  // namespace plumb::migrate
