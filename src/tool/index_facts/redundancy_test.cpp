// SPDX-License-Identifier: GPL-3.0-or-later
// The cases of tests/data/redundancy.yaml, and what holds for every pair of indexes.
#include "tool/index_facts/redundancy.h"

#include "project/yaml_document.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumb::index_facts {
namespace {

using project::IndexDefinition;
using project::YamlNode;

YamlNode cases() {
    const auto root = project::load_yaml_file(PLUMB_TEST_DATA "/redundancy.yaml");
    EXPECT_TRUE(root.ok()) << (root.ok() ? "" : root.error().message());
    return root.ok() ? *root : YamlNode{};
}

// As a server lists it: also what no project file may say.
IndexDefinition definition(const YamlNode& node) {
    const auto document = node.as_bson_document();
    EXPECT_TRUE(document.ok()) << node.position().to_string();
    auto index = project::index_from_server(*document);
    EXPECT_TRUE(index.ok()) << node.position().to_string();
    return index.ok() ? *std::move(index) : IndexDefinition{};
}

std::set<std::string, std::less<>> names(const YamlNode* node) {
    std::set<std::string, std::less<>> out;
    for (const YamlNode& each : node == nullptr ? std::vector<YamlNode>{} : node->items()) {
        out.insert(each.text());
    }
    return out;
}

CollectionUse use_of(const YamlNode& node) {
    CollectionUse use;
    use.hinted = names(node.find("hinted"));
    use.wanted = names(node.find("wanted"));
    if (const YamlNode* shard_key = node.find("shard_key")) {
        use.shard_key = *shard_key->as_bson_document();
    }
    return use;
}

std::string text_of(const YamlNode& node, std::string_view key) {
    const YamlNode* found = node.find(key);
    return found == nullptr ? "" : found->text();
}

TEST(Redundancy, JudgesPairs) {
    const YamlNode root = cases();
    ASSERT_NE(root.find("pairs"), nullptr);
    std::set<std::string, std::less<>> seen;
    for (const YamlNode& each : root.find("pairs")->items()) {
        const Judgement it =
            judge(definition(*each.find("index")), definition(*each.find("by")), use_of(each));
        const std::string reason = text_of(each, "redundant") + text_of(each, "kept");
        EXPECT_EQ(it.redundant, each.find("redundant") != nullptr) << each.position().to_string();
        EXPECT_EQ(it.code, text_of(each, "code")) << each.position().to_string();
        EXPECT_EQ(it.reason, each.find("kept") != nullptr ? "kept: " + reason : reason)
            << each.position().to_string();
        seen.emplace(it.code);
    }
    for (const std::string_view code : keep_codes()) {
        EXPECT_TRUE(seen.contains(code)) << "no case for " << code;
    }
}

TEST(Redundancy, JudgesCollections) {
    const YamlNode root = cases();
    ASSERT_NE(root.find("collections"), nullptr);
    for (const YamlNode& each : root.find("collections")->items()) {
        std::vector<IndexDefinition> indexes;
        for (const YamlNode& index : each.find("indexes")->items()) {
            indexes.push_back(definition(index));
        }
        std::string found;
        const std::vector<Verdict> verdicts = judge_all(indexes, use_of(each));
        for (std::size_t at = 0; at < indexes.size(); ++at) {
            if (verdicts[at].redundant) {
                found +=
                    (found.empty() ? "" : ", ") + indexes[at].name + ": " + verdicts[at].reason;
            }
        }
        EXPECT_EQ(found, text_of(each, "redundant")) << each.position().to_string();
    }
}

TEST(Redundancy, NeverLosesAnIndexThatNobodyReplaces) {
    const YamlNode root = cases();
    std::vector<IndexDefinition> all;
    for (const YamlNode& each : root.find("pairs")->items()) {
        for (const char* which : {"index", "by"}) {
            all.push_back(definition(*each.find(which)));
            all.back().name += "_" + std::to_string(all.size());
        }
    }
    const std::vector<Verdict> verdicts = judge_all(all);
    for (std::size_t at = 0; at < all.size(); ++at) {
        EXPECT_FALSE(judge(all[at], all[at]).relation == KeyRelation::None) << all[at].name;
        if (!verdicts[at].redundant) {
            continue;
        }
        const auto by = std::find_if(all.begin(), all.end(), [&](const IndexDefinition& index) {
            return index.name == verdicts[at].by;
        });
        ASSERT_NE(by, all.end()) << all[at].name;
        EXPECT_FALSE(verdicts[static_cast<std::size_t>(by - all.begin())].redundant) << by->name;
        EXPECT_TRUE(judge(all[at], *by).redundant) << all[at].name << " by " << by->name;
    }
}

}  // namespace
}  // namespace plumb::index_facts
