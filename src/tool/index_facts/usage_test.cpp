// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/usage.h"

#include "bson/json.h"
#include "tool/index_facts/hints.h"

#include <gtest/gtest.h>

namespace plumb::index_facts {
namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;
constexpr std::int64_t kNow = 1000 * kDay;

project::IndexDefinition index(const char* json) {
    auto out = project::index_from_server(*bson::from_json(json));
    EXPECT_TRUE(out.ok()) << json;
    return *std::move(out);
}

// A member whose process began `up` days ago and whose counter began `counts` days ago.
MemberUse member(const char* name, std::int64_t uses, std::int64_t counts, std::int64_t up) {
    return {name, uses, kNow - counts * kDay, kNow - up * kDay};
}

struct Case {
    const char* about;
    std::vector<MemberUse> members;
    std::vector<Unreached> not_asked;
    Tier tier;
    bool may_go;
};

TEST(Usage, IsATier) {
    const Case cases[] = {
        {"nobody told", {}, {}, Tier::Unknown, false},
        {"used every day", {member("a", 40, 40, 40)}, {}, Tier::Used, false},
        {"used on another member only",
         {member("a", 0, 40, 40), member("b", 900, 40, 40)},
         {},
         Tier::Used,
         false},
        {"a monthly job", {member("a", 2, 60, 60)}, {}, Tier::Seldom, false},
        {"used within its first day", {member("a", 1, 0, 90)}, {}, Tier::Used, false},
        {"never, on all, for long",
         {member("a", 0, 40, 40), member("b", 0, 31, 31)},
         {},
         Tier::Unused,
         true},
        {"exactly the window", {member("a", 0, 30, 30)}, {}, Tier::Unused, true},
        {"one day short", {member("a", 0, 29, 90)}, {}, Tier::Young, false},
        {"one member restarted",
         {member("a", 0, 90, 90), member("b", 0, 2, 2)},
         {},
         Tier::CountersYoung,
         false},
        {"a member was not asked",
         {member("a", 0, 90, 90)},
         {{"c:1", "no answer"}},
         Tier::NotAllAsked,
         false},
        {"used, though a member was not asked",
         {member("a", 90, 90, 90)},
         {{"c:1", "no answer"}},
         Tier::Used,
         false},
        {"start unknown", {member("a", 0, 3, 1000)}, {}, Tier::Young, false},
    };
    for (const Case& each : cases) {
        CollectionUses uses;
        uses.by_index["a_1"] = each.members;
        uses.not_asked = each.not_asked;
        const UsageVerdict it =
            judge_usage(index("{name: 'a_1', key: {a: 1}}"), uses, {}, {.now_ms = kNow});
        EXPECT_EQ(tier_name(it.tier), tier_name(each.tier)) << each.about << ": " << it.reason;
        EXPECT_EQ(it.may_go, each.may_go) << each.about;
        EXPECT_FALSE(it.reason.empty()) << each.about;
    }
}

TEST(Usage, GuardsWhatWorksWithoutBeingRead) {
    struct GuardCase {
        const char* index;
        bool guarded;
    };
    const GuardCase cases[] = {
        {"{name: 'a_1', key: {a: 1}}", false},
        {"{name: 'a_1', key: {a: 1}, unique: true}", true},
        {"{name: 'a_1', key: {a: 1}, expireAfterSeconds: 0}", true},
        {"{name: 'a_1', key: {a: 1}, hidden: true}", true},
        {"{name: '_id_', key: {_id: 1}}", true},
        {"{name: 's_1', key: {s: 1}}", true},
        {"{name: 's_1_a_1', key: {s: 1, a: 1}}", true},
        {"{name: 'a_1_s_1', key: {a: 1, s: 1}}", false},
        {"{name: 'hinted', key: {h: 1}}", true},
    };
    CollectionUse use;
    use.shard_key = *bson::from_json("{s: 1}");
    use.hinted = {"hinted"};
    for (const GuardCase& each : cases) {
        const project::IndexDefinition definition = index(each.index);
        CollectionUses uses;
        uses.by_index[definition.name] = {member("a", 0, 90, 90)};
        const UsageVerdict it = judge_usage(definition, uses, use, {.now_ms = kNow});
        EXPECT_EQ(it.tier, Tier::Unused) << each.index;
        EXPECT_EQ(!it.guard.empty(), each.guarded) << each.index << it.guard;
        EXPECT_EQ(it.may_go, !each.guarded) << each.index;
    }
}

TEST(Usage, TheWindowIsAParameter) {
    CollectionUses uses;
    uses.by_index["a_1"] = {member("a", 0, 10, 90)};
    const auto definition = index("{name: 'a_1', key: {a: 1}}");
    EXPECT_EQ(judge_usage(definition, uses, {}, {kNow, 10}).tier, Tier::Unused);
    EXPECT_EQ(judge_usage(definition, uses, {}, {kNow, 11}).tier, Tier::Young);
}

TEST(Hints, AreFoundByNameAndByKey) {
    std::vector<bson::Document> commands;
    for (const char* json : {"{find: 'orders', filter: {}, hint: {a: 1}}",
                             "{find: 'others', hint: 'b_1'}",
                             "{update: 'orders', updates: [{q: {}, u: {}, hint: 'c_1'}]}",
                             "{aggregate: 'orders', pipeline: [], hint: 'no_such'}"}) {
        commands.push_back(*bson::from_json(json));
    }
    const std::vector<project::IndexDefinition> indexes{index("{name: 'by_a', key: {a: 3.0}}"),
                                                        index("{name: 'b_1', key: {b: 1}}"),
                                                        index("{name: 'c_1', key: {c: 1}}")};
    EXPECT_EQ(hinted_indexes(commands, "orders", indexes),
              (std::set<std::string, std::less<>>{"by_a", "c_1"}));
}

}  // namespace
}  // namespace plumb::index_facts
