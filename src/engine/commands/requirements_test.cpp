// SPDX-License-Identifier: GPL-3.0-or-later
// What commands need: above all that no namespace a command touches is overlooked.
#include "engine/commands/requirements.h"

#include "bson/json.h"
#include "engine/commands/secret_fields.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace plumb::commands {
namespace {

// "find shop.orders", in the order of the alphabet, separated by commas.
std::string needs(std::string_view json) {
    const auto command = bson::from_json(json);
    PLUMB_ASSERT(command.ok());
    const CommandRow* row = find_command(command->view().front().name);
    PLUMB_ASSERT(row != nullptr);
    std::vector<std::string> lines;
    for (const Requirement& each : requirements_of({*row, *command, {}, "shop"})) {
        const std::string name = each.target.scope == Scope::Cluster ? "cluster"
                                 : each.target.scope == Scope::Database
                                     ? each.target.database
                                     : fmt::format("{}.{}", each.target.database, each.target.name);
        lines.push_back(fmt::format("{} {}", static_cast<int>(each.action), name));
    }
    std::ranges::sort(lines);
    return fmt::format("{}", fmt::join(lines, ", "));
}

std::string need(Action action, std::string_view name) {
    return fmt::format("{} {}", static_cast<int>(action), name);
}

TEST(Requirements, EveryFromOfAStageCounts) {
    const std::string both = needs(
        R"({"aggregate": "a", "pipeline": [{"$lookup": {"from": "b", "from": "c", "as": "x"}}]})");
    EXPECT_NE(both.find(need(Action::Find, "shop.b")), std::string::npos);
    EXPECT_NE(both.find(need(Action::Find, "shop.c")), std::string::npos);
}

TEST(Requirements, PipelinesAreFollowedToAnyDepth) {
    constexpr auto kCases = std::to_array<std::string_view>({
        R"([{"$lookup": {"from": "b", "as": "x", "pipeline": [{"$unionWith": "deep"}]}}])",
        R"([{"$facet": {"x": [{"$lookup": {"from": "deep", "as": "y"}}]}}])",
        R"([{"$unionWith": {"coll": "b", "pipeline": [{"$graphLookup": {"from": "deep"}}]}}])",
        R"([{"$match": {}, "$lookup": {"from": "deep"}}])",
        R"([{"$lookup": {"pipeline": [{"$lookup": {"from": "deep"}}], "from": "b"}}])",
    });
    for (const std::string_view pipeline : kCases) {
        const std::string found =
            needs(fmt::format(R"({{"aggregate": "a", "pipeline": {}}})", pipeline));
        EXPECT_NE(found.find(need(Action::Find, "shop.deep")), std::string::npos) << pipeline;
        EXPECT_NE(found.find(need(Action::Find, "shop.a")), std::string::npos) << pipeline;
    }
}

TEST(Requirements, OutAndMergeNameTheirTarget) {
    EXPECT_NE(needs(R"({"aggregate": "a", "pipeline": [{"$out": "b"}]})")
                  .find(need(Action::Remove, "shop.b")),
              std::string::npos);
    EXPECT_NE(needs(R"({"aggregate": "a", "pipeline": [{"$out": {"db": "d", "coll": "b"}}]})")
                  .find(need(Action::Insert, "d.b")),
              std::string::npos);
    EXPECT_NE(
        needs(R"({"aggregate": "a", "pipeline": [{"$merge": {"into": {"db": "d", "coll": "b"}}}]})")
            .find(need(Action::Update, "d.b")),
        std::string::npos);
}

TEST(Requirements, ExplainNeedsWhatTheCommandInsideNeeds) {
    EXPECT_EQ(needs(R"({"explain": {"find": "a"}})"), needs(R"({"find": "a"})"));
    EXPECT_EQ(needs(R"({"explain": {"explain": {"find": "a"}}})"), "");  // refused by explain
}

TEST(Requirements, AViewNeedsWhatItShows) {
    const std::string made =
        needs(R"({"create": "v", "viewOn": "a", "pipeline": [{"$lookup": {"from": "b"}}]})");
    EXPECT_NE(made.find(need(Action::Find, "shop.a")), std::string::npos);
    EXPECT_NE(made.find(need(Action::Find, "shop.b")), std::string::npos);
    const std::string changed = needs(R"({"collMod": "v", "pipeline": [{"$unionWith": "b"}]})");
    EXPECT_NE(changed.find(need(Action::Find, "shop")), std::string::npos);
    EXPECT_NE(changed.find(need(Action::Find, "shop.b")), std::string::npos);
}

TEST(Requirements, UpsertsInsert) {
    const std::string plain = needs(R"({"update": "a", "updates": [{"q": {}, "u": {}}]})");
    EXPECT_EQ(plain, need(Action::Update, "shop.a"));
    const std::string upsert = needs(
        R"({"update": "a", "updates": [{"q": {}, "u": {}}, {"q": {}, "u": {}, "upsert": 1}]})");
    EXPECT_NE(upsert.find(need(Action::Insert, "shop.a")), std::string::npos);
}

TEST(Requirements, RenamingAcrossDatabasesReadsAndInserts) {
    const std::string found =
        needs(R"({"renameCollection": "a.x", "to": "b.y", "dropTarget": true})");
    EXPECT_NE(found.find(need(Action::Find, "a.x")), std::string::npos);
    EXPECT_NE(found.find(need(Action::Insert, "b.y")), std::string::npos);
    EXPECT_NE(found.find(need(Action::DropCollection, "b.y")), std::string::npos);
}

TEST(Requirements, EachCommandThatIsNotForEverybodyNeedsSomething) {
    // These look at what they are given: single cursors and operations, lists, own things.
    constexpr auto kOther = std::to_array<std::string_view>(
        {"explain", "grantRolesToUser", "killSessions", "listDatabases", "revokeRolesFromUser"});
    for (const CommandRow& row : command_table()) {
        const bool open = row.action == Action::Public || row.action == Action::LoggedIn ||
                          std::ranges::find(kOther, row.name) != kOther.end();
        if (!open) {
            EXPECT_NE(needs(fmt::format(R"({{"{}": "a"}})", row.name)), "") << row.name;
        }
    }
}

TEST(SecretFields, ArePasswordsAndProofs) {
    EXPECT_TRUE(is_secret("createUser", "pwd"));
    EXPECT_TRUE(is_secret("saslContinue", "payload"));
    EXPECT_TRUE(is_secret("hello", "speculativeAuthenticate"));
    EXPECT_FALSE(is_secret("createUser", "roles"));
    EXPECT_FALSE(is_secret("find", "pwd"));
}

}  // namespace
}  // namespace plumb::commands
