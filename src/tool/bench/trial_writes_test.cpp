// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/trial_writes.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <set>

namespace plumb::bench {
namespace {

std::vector<bson::Document> orders() {
    std::vector<bson::Document> out;
    for (const char* text : {R"({"_id": 1, "id": "a", "status": "new", "day": "x", "note": "p"})",
                             R"({"_id": 2, "id": "b", "status": "old", "day": "y", "note": "q"})",
                             R"({"_id": 3, "id": "c", "status": "new", "day": "x"})"}) {
        out.push_back(*bson::from_json(text));
    }
    return out;
}

project::IndexDefinition index(const char* key, bool unique = false) {
    project::IndexDefinition out;
    out.key = *bson::from_json(key);
    out.name = project::default_index_name(out.key);
    out.unique = unique;
    return out;
}

TEST(TrialFields, AreThoseThatMostIndexesHoldAndThatNoneHolds) {
    const std::vector<project::IndexDefinition> indexes{
        index(R"({"id": 1})", true), index(R"({"day": 1})"), index(R"({"status": 1, "day": -1})")};
    EXPECT_EQ(most_indexed_field(indexes, orders()), "day");
    EXPECT_EQ(unindexed_field(indexes, orders()), "note");
}

TEST(TrialFields, AreNoneWhereNothingCanBeChanged) {
    const std::vector<project::IndexDefinition> unique{index(R"({"id": 1})", true)};
    EXPECT_EQ(most_indexed_field(unique, orders()), "");
    EXPECT_EQ(unindexed_field({}, {}), "");
    EXPECT_TRUE(FieldUpdates("absent", orders()).empty());
}

TEST(FieldUpdates, ChangeTheValueEachTime) {
    FieldUpdates updates{"status", orders()};
    std::map<std::string, std::string> now{{"1", "new"}, {"2", "old"}, {"3", "new"}};
    for (int turn = 0; turn < 9; ++turn) {
        const std::string json = bson::to_json(updates.next("scratch"));
        const bson::Document command = *bson::from_json(json);
        const bson::View statement =
            (*command.find("updates").as_array().begin()).value.as_document();
        const std::string id =
            std::to_string(statement.find("q").as_document().find("_id").as_int32());
        const std::string set{statement.find("u")
                                  .as_document()
                                  .find("$set")
                                  .as_document()
                                  .find("status")
                                  .as_string()};
        EXPECT_NE(set, now[id]);
        now[id] = set;
    }
}

TEST(InsertsAndDeletes, HaveTheirOwnIdsAndDeleteTheOldestFirst) {
    InsertsAndDeletes writes{orders(), {"id"}};
    std::set<std::string> ids;
    std::string first;
    for (int turn = 0; turn < 7; ++turn) {
        const bson::Document command = writes.insert("scratch");
        const bson::View document =
            (*command.find("documents").as_array().begin()).value.as_document();
        ids.insert(std::string{document.find("id").as_string()});
        if (turn == 0) {
            first = std::string{document.find("_id").raw()};
        }
    }
    EXPECT_EQ(ids.size(), 7U);
    EXPECT_EQ(writes.inserted(), 7U);
    const bson::Document removed = writes.remove("scratch");
    const bson::View statement = (*removed.find("deletes").as_array().begin()).value.as_document();
    EXPECT_EQ(statement.find("q").as_document().find("_id").raw(), first);
}

}  // namespace
}  // namespace plumb::bench
