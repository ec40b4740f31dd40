// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/namespace_name.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

TEST(NamespaceName, DatabaseNames) {
    EXPECT_TRUE(check_database_name("shop").ok());
    EXPECT_TRUE(check_database_name(std::string(std::size_t{kDatabaseNameBytesMax}, 'a')).ok());
    EXPECT_FALSE(
        check_database_name(std::string(std::size_t{kDatabaseNameBytesMax} + 1, 'a')).ok());
    for (const char* bad : {"", "a.b", "a b", "a$b", "a/b", "a\\b", "a\"b"}) {
        EXPECT_FALSE(check_database_name(bad).ok()) << bad;
    }
}

TEST(NamespaceName, CollectionsThatCanBeMade) {
    EXPECT_TRUE(check_creatable("shop.orders").ok());
    EXPECT_TRUE(check_creatable("shop.orders.2024").ok());
    EXPECT_TRUE(
        check_creatable("shop." + std::string(std::size_t{kNamespaceBytesMax} - 5, 'a')).ok());
    for (const std::string& bad :
         {std::string{"shop."},
          std::string{"shop..a"},
          std::string{"shop.a$b"},
          std::string{"shop.system.mine"},
          "shop." + std::string(std::size_t{kNamespaceBytesMax} - 4, 'a')}) {
        EXPECT_FALSE(check_creatable(bad).ok()) << bad;
    }
}

TEST(NamespaceName, Parts) {
    EXPECT_EQ(database_of("shop.orders.old"), "shop");
    EXPECT_EQ(collection_of("shop.orders.old"), "orders.old");
    EXPECT_EQ(collection_of("shop"), "");
}

}  // namespace
}  // namespace plumb::commands
