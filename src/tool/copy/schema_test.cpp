// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/schema.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace plumb::copy {
namespace {

std::vector<bson::Document> documents(std::initializer_list<std::string_view> texts) {
    std::vector<bson::Document> out;
    for (const std::string_view text : texts) {
        out.push_back(bson::from_json(text).value());
    }
    return out;
}

TEST(Schema, MakesACollectionWithItsOptions) {
    Definition definition;
    definition.name = "c";
    definition.options = bson::from_json(R"({"capped": true, "size": 4096})").value();
    EXPECT_EQ(bson::to_json(create_command(definition)),
              R"({"create": "c", "capped": true, "size": 4096})");
}

TEST(Schema, MakesOnlyIndexesThatAreMissing) {
    const auto wanted =
        documents({R"({"v": 2, "key": {"_id": 1}, "name": "_id_"})",
                   R"({"v": 2, "key": {"a": 1}, "name": "a_1", "ns": "d.c"})",
                   R"({"v": 2, "key": {"b": -1}, "name": "b_-1", "unique": true})"});
    const auto there = documents({R"({"v": 2, "key": {"a": 1}, "name": "a_1"})"});
    EXPECT_EQ(
        bson::to_json(indexes_command("c", wanted, there)),
        R"({"createIndexes": "c", "indexes": [{"v": 2, "key": {"b": -1}, "name": "b_-1", "unique": true}]})");
    EXPECT_TRUE(indexes_command("c", wanted, wanted).empty());
}

TEST(Schema, TellsIndexesApart) {
    const auto plain = documents({R"({"v": 2, "key": {"a": 1}, "name": "a_1", "ns": "d.c"})"});
    const auto moved = documents({R"({"name": "a_1", "key": {"a": 1}, "v": 1})"});
    const auto unique = documents({R"({"key": {"a": 1}, "name": "a_1", "unique": true})"});
    EXPECT_EQ(index_difference(plain, moved), "");
    EXPECT_EQ(index_difference(plain, unique), "the index a_1 is another one");
    EXPECT_EQ(index_difference(plain, {}), "the index a_1 is missing");
    EXPECT_EQ(index_difference({}, plain), "1 indexes, not 0");
}

}  // namespace
}  // namespace plumb::copy
