// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "engine/query/stage.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::query {

namespace {

// What is handed down, and what is left, as text.
std::string described(const std::string& array) {
    const auto wrapped = bson::from_json("{\"stages\": " + array + "}");
    EXPECT_TRUE(wrapped.ok()) << array;
    std::vector<bson::Document> stages;
    for (const bson::Element& stage : wrapped->find("stages").as_container()) {
        stages.emplace_back(stage.value.as_document());
    }
    const PushDown down = push_down(stages);
    std::string out = to_json(down.filter);
    if (down.sort) {
        out += " sort " + to_json(*down.sort);
    }
    if (down.limit) {
        out += " limit " + std::to_string(*down.limit);
    }
    if (down.projection) {
        out += " show " + to_json(*down.projection);
    }
    if (down.needs_no_fields) {
        out += " show nothing";
    }
    out += " |";
    for (const bson::Document& stage : stages) {
        out += " " + std::string{stage.view().front().name};
    }
    return out;
}

struct PushDownCase {
    const char* stages;
    const char* expected;
};

class PushDowns : public ::testing::TestWithParam<PushDownCase> {};

TEST_P(PushDowns, KeepTheMeaning) {
    EXPECT_EQ(described(GetParam().stages), GetParam().expected) << GetParam().stages;
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    PushDowns,
    ::testing::Values(
        PushDownCase{R"([])", R"({} |)"},
        PushDownCase{R"([{"$match": {"a": 1}}])", R"({"a": 1} |)"},
        PushDownCase{R"([{"$match": {"a": 1}}, {"$match": {"b": 2}}, {"$count": "n"}])",
                     R"({"$and": [{"a": 1}, {"b": 2}]} show nothing | $count)"},
        PushDownCase{R"([{"$sort": {"a": 1}}, {"$limit": 3}, {"$project": {"b": 1}}])",
                     R"({} sort {"a": 1} limit 3 show {"_id": 1, "a": 1, "b": 1} | $project)"},
        PushDownCase{R"([{"$sort": {"a": 1}}, {"$skip": 3}, {"$limit": 3}])",
                     R"({} sort {"a": 1} | $skip $limit)"},
        PushDownCase{R"([{"$match": {"s": 1}}, {"$group": {"_id": "$u.x", "t": {"$sum": "$p"}}}])",
                     R"({"s": 1} show {"p": 1, "u": 1, "_id": 0} | $group)"},
        // Moved in front of what does not touch its fields …
        PushDownCase{R"([{"$unwind": "$i"}, {"$match": {"s": 1}}])", R"({"s": 1} | $unwind)"},
        PushDownCase{R"([{"$sort": {"a": 1}}, {"$match": {"s": 1}}])",
                     R"({"s": 1} sort {"a": 1} |)"},
        PushDownCase{R"([{"$addFields": {"x": 1}}, {"$match": {"s": 1}}])",
                     R"({"s": 1} | $addFields)"},
        // … and not of what does, or of what counts documents.
        PushDownCase{R"([{"$unwind": "$i"}, {"$match": {"i.x": 1}}])", R"({} | $unwind $match)"},
        PushDownCase{R"([{"$addFields": {"s.t": 1}}, {"$match": {"s": 1}}])",
                     R"({} | $addFields $match)"},
        PushDownCase{R"([{"$limit": 5}, {"$match": {"s": 1}}])", R"({} | $limit $match)"},
        PushDownCase{R"([{"$unwind": "$i"}, {"$match": {"$expr": {"$eq": ["$$ROOT", 1]}}}])",
                     R"({} | $unwind $match)"},
        // The whole document is read.
        PushDownCase{R"([{"$project": {"a": "$$ROOT"}}])", R"({} | $project)"},
        PushDownCase{R"([{"$project": {"a": 0}}])", R"({} | $project)"},
        // Wrong stages stay, for parse_pipeline to refuse.
        PushDownCase{R"([{"$match": {"a": 1}}, {"$nope": 1}])", R"({} | $match $nope)"}));

}  // namespace

}  // namespace plumb::query
