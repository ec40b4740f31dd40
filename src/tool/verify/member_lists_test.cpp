// SPDX-License-Identifier: GPL-3.0-or-later
// The cases of tests/data/drift_members.yaml, and how they get into a report.
#include "tool/verify/member_lists.h"

#include "project/yaml_document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace plumb::verify {
namespace {

using project::YamlNode;

std::vector<MemberIndexes> members(const YamlNode& node) {
    std::vector<MemberIndexes> out;
    for (const auto& [name, collections] : node.members()) {
        MemberIndexes member;
        member.name = name.text();
        for (const auto& [collection, indexes] : collections.members()) {
            for (const YamlNode& index : indexes.items()) {
                auto read = project::index_from_server(*index.as_bson_document());
                EXPECT_TRUE(read.ok());
                member.indexes[collection.text()].push_back(*std::move(read));
            }
        }
        out.push_back(std::move(member));
    }
    return out;
}

std::string text(const Inconsistency& it) {
    std::string out = fmt::format("{}.{}:", it.collection, it.name);
    if (!it.lacking.empty()) {
        out += fmt::format(" lacking {}", fmt::join(it.lacking, ", "));
    }
    if (!it.different.empty()) {
        out += fmt::format(" different {}", fmt::join(it.different, ", "));
    }
    return out;
}

project::Strategy strategy(std::string_view yaml) {
    const auto root = project::parse_yaml(yaml, "strategy.yaml");
    EXPECT_TRUE(root.ok());
    return *project::read_strategy(*root);
}

TEST(MemberLists, NamesWhatIsNotTheSameEverywhere) {
    const auto root = project::load_yaml_file(PLUMB_TEST_DATA "/drift_members.yaml");
    ASSERT_TRUE(root.ok()) << root.error().message();
    for (const YamlNode& each : root->find("cases")->items()) {
        const Spread spread = each.find("spread") == nullptr ? Spread::Copies : Spread::Shards;
        std::vector<std::string> found;
        for (const Inconsistency& it : compare_members(members(*each.find("members")), spread)) {
            found.push_back(text(it));
        }
        EXPECT_EQ(found, *each.find("inconsistent")->as_strings()) << each.find("name")->text();
    }
}

TEST(MemberLists, MarkTheReport) {
    const auto lists = project::parse_yaml(
        "{a: {orders: [{name: x_1, key: {x: 1}}]},"
        " b: {orders: [{name: z_1, key: {z: 1}}, {name: tmp_1, key: {t: 1}}]}}",
        "members.yaml");
    const project::Strategy wanted = strategy(
        "{indexes: [{collection: orders, key: {x: 1}}, {collection: orders, key: {z: 1}}],"
        " ignore: [orders.tmp_*]}");
    const std::vector<MemberIndexes> both = members(*lists);
    Report report = compare(wanted, both.front().indexes, {});
    add_inconsistencies(report, wanted, both, Spread::Copies);
    count_marks(report, true);
    ASSERT_EQ(report.collections.size(), 1U);
    const auto& lines = report.collections.front().lines;
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].mark, Mark::Inconsistent);
    EXPECT_EQ(lines[0].detail, "not on b");
    EXPECT_EQ(lines[1].mark, Mark::Missing);
    EXPECT_EQ(lines[1].detail, "only on b");
    EXPECT_TRUE(report.drift);
    EXPECT_EQ(report.asked, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace plumb::verify
