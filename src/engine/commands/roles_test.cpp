// SPDX-License-Identifier: GPL-3.0-or-later
// Roles as the matrix of tests/client cannot see them: what a privilege covers and how it is shown.
#include "engine/commands/roles.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::commands {
namespace {

Privileges granted(std::string role, std::string database) {
    Privileges out;
    grant_role({std::move(role), std::move(database)}, out);
    return out;
}

TEST(Roles, ARoleOfADatabaseEndsAtItsBorder) {
    const Privileges read = granted("read", "shop");
    EXPECT_TRUE(read.allow({Action::Find, Target::collection("shop", "orders")}));
    EXPECT_TRUE(read.allow({Action::Find, Target::collection("shop", "system.js")}));
    EXPECT_TRUE(read.allow({Action::ListCollections, Target::of_database("shop")}));
    EXPECT_FALSE(read.allow({Action::Find, Target::collection("shop2", "orders")}));
    EXPECT_FALSE(read.allow({Action::Find, Target::collection("shop", "system.users")}));
    EXPECT_FALSE(read.allow({Action::Insert, Target::collection("shop", "orders")}));
    EXPECT_FALSE(read.allow({Action::ListDatabases, Target::cluster()}));
}

TEST(Roles, AnyDatabaseIsNeitherLocalNorConfig) {
    const Privileges any = granted("readWriteAnyDatabase", "admin");
    EXPECT_TRUE(any.allow({Action::Insert, Target::collection("anything", "c")}));
    EXPECT_TRUE(any.allow({Action::Insert, Target::collection("admin", "c")}));
    EXPECT_FALSE(any.allow({Action::Insert, Target::collection("admin", "system.users")}));
    EXPECT_FALSE(any.allow({Action::Find, Target::collection("local", "oplog.rs")}));
    EXPECT_FALSE(any.allow({Action::Find, Target::collection("config", "shards")}));
}

TEST(Roles, RolesOfTheServerExistInAdminOnly) {
    EXPECT_TRUE(is_builtin_role({"root", "admin"}));
    EXPECT_FALSE(is_builtin_role({"root", "shop"}));
    EXPECT_TRUE(is_builtin_role({"readWrite", "shop"}));
    EXPECT_FALSE(is_builtin_role({"readwrite", "shop"}));
    EXPECT_FALSE(is_builtin_role({"read", ""}));
    EXPECT_TRUE(granted("root", "shop").list().empty());
}

TEST(Roles, NobodyMayWriteUsersByHand) {
    for (const RoleName& role : roles_of_database("admin")) {
        const Privileges privileges = granted(role.role, role.database);
        constexpr auto kWrites = std::to_array<Action>(
            {Action::Insert, Action::Update, Action::Remove, Action::DropCollection});
        for (const Action action : kWrites) {
            EXPECT_FALSE(privileges.allow({action, Target::collection("admin", "system.users")}))
                << role.role;
        }
    }
}

TEST(Roles, PrivilegesAreShownByMongosNames) {
    bson::Builder out;
    granted("userAdmin", "shop").append_to(out, "privileges");
    const bson::Document shown = out.finish();
    const bson::View first = shown.find("privileges").as_array().at(0).as_document();
    EXPECT_EQ(first.find("resource").as_document().find("db").as_string(), "shop");
    EXPECT_EQ(first.find("actions").as_array().at(0).as_string(), "changeCustomData");
}

TEST(Privileges, TheSameResourceIsListedOnce) {
    const Privileges owner = granted("dbOwner", "shop");
    std::size_t of_database = 0;
    for (const Privilege& each : owner.list()) {
        of_database += each.kind == ResourceKind::Database ? 1 : 0;
    }
    EXPECT_EQ(of_database, 1U);
    EXPECT_TRUE(owner.any_in_database("shop"));
    EXPECT_FALSE(owner.any_in_database("other"));
}

}  // namespace
}  // namespace plumb::commands
