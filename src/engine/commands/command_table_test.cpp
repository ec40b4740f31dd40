// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace plumb::commands {
namespace {

TEST(CommandTable, IsSortedWithoutDoubles) {
    const auto table = command_table();
    EXPECT_TRUE(std::ranges::is_sorted(table, std::less{}, &CommandRow::name));
    EXPECT_EQ(std::ranges::adjacent_find(table, {}, &CommandRow::name), table.end());
}

TEST(CommandTable, HasWhatIsAboutEachCommand) {
    for (const CommandRow& row : command_table()) {
        EXPECT_NE(row.run, nullptr) << row.name;
        EXPECT_FALSE(row.help.empty()) << row.name;
        EXPECT_TRUE(row.help.ends_with('.')) << row.name;
        EXPECT_FALSE(row.kind.empty()) << row.name;
    }
}

TEST(CommandTable, FindsByExactName) {
    ASSERT_NE(find_command("find"), nullptr);
    EXPECT_EQ(find_command("find")->name, "find");
    EXPECT_EQ(find_command("Find"), nullptr);
    EXPECT_EQ(find_command("fin"), nullptr);
    EXPECT_EQ(find_command(""), nullptr);
    EXPECT_EQ(find_command("zzz"), nullptr);
}

TEST(CommandTable, AliasesRunTheSame) {
    constexpr auto kAliases = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"buildInfo", "buildinfo"},
        {"collStats", "collstats"},
        {"dbStats", "dbstats"},
        {"dropIndexes", "deleteIndexes"},
        {"findAndModify", "findandmodify"},
        {"isMaster", "ismaster"},
    });
    for (const auto& [name, alias] : kAliases) {
        ASSERT_NE(find_command(name), nullptr) << name;
        ASSERT_NE(find_command(alias), nullptr) << alias;
        EXPECT_EQ(find_command(name)->run, find_command(alias)->run) << name;
    }
}

}  // namespace
}  // namespace plumb::commands
