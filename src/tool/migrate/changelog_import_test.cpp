// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/changelog_import.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

TEST(ChangelogImport, NamesAChangeAsAMigration) {
    EXPECT_EQ(name_of_change("20160608155948-blacklist_the_beatles.js"), "blacklist_the_beatles");
    EXPECT_EQ(name_of_change("Add Users Index"), "add_users_index");
    EXPECT_EQ(name_of_change("client-initializer-v1.2"), "client_initializer_v1");
    EXPECT_EQ(name_of_change("0042"), "0042");
    EXPECT_EQ(name_of_change("--"), "unnamed");
}

TEST(ChangelogImport, NumbersChangesFromOne) {
    ForeignLog log{"migrate-mongo", "changelog", {{"a", "1-a.js", 5}, {"b", "2-b.js", 6}}, {}};
    const auto entries = as_baseline(log, {});
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ((*entries)[1].version, 2);
    EXPECT_EQ((*entries)[1].source, "migrate-mongo: 2-b.js");
    EXPECT_EQ((*entries)[1].applied_ms, 6);
}

TEST(ChangelogImport, AFileOfThatNumberHasToHaveTheName) {
    const ForeignLog log{"mongock", "mongockChangeLog", {{"add_a", "add-a", 0}}, {}};
    project::MigrationFile file;
    file.version = 1;
    file.name = "add_a";
    const std::vector<project::MigrationFile> same{file};
    ASSERT_TRUE(as_baseline(log, same).ok());
    EXPECT_EQ(as_baseline(log, same)->front().file, &same.front());
    file.name = "other";
    const auto refused = as_baseline(log, {file});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), ErrorCode::RefusedForSafety);
}

}  // namespace
}  // namespace plumb::migrate
