// SPDX-License-Identifier: GPL-3.0-or-later
// A $lookup's pipeline runs for each document as if it had been parsed for it.
#include "engine/query/stages/lookup_pipeline.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "engine/query/memory_host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::query {
namespace {

constexpr std::int32_t kThings = 60;

std::vector<bson::Document> stages_of(const std::string& array) {
    const auto wrapped = bson::from_json("{\"stages\": " + array + "}");
    EXPECT_TRUE(wrapped.ok()) << array;
    std::vector<bson::Document> out;
    for (const bson::Element& stage : wrapped->find("stages").as_container()) {
        out.emplace_back(stage.value.as_document());
    }
    return out;
}

class LookupPipelineTest : public ::testing::Test {
  protected:
    LookupPipelineTest() {
        for (std::int32_t number = 0; number < kThings; ++number) {
            bson::Builder thing;
            thing.append("_id", number).append("n", number % 7).append("next", number + 1);
            thing.begin_array("tags").push(number % 3).push("x").end();
            host_.collections["t.things"].push_back(thing.finish());
        }
        for (const std::int32_t least : {10, 10, 55, 10}) {
            bson::Builder asks;
            asks.append("_id", static_cast<std::int32_t>(host_.collections["t.asks"].size()));
            asks.append("least", least);
            host_.collections["t.asks"].push_back(asks.finish());
        }
        context_.host = &host_;
        context_.ns = "t.asks";
    }

    // What the pipeline gives with `least` as a constant.
    std::string directly(const std::string& first, const std::string& stage, std::int32_t least) {
        context_.ns = "t.things";
        const auto outcome = host_.run(stages_of("[" + first + R"({"$match": {"_id": {"$gte": )" +
                                                 std::to_string(least) + "}}}, " + stage + "]"),
                                       context_);
        context_.ns = "t.asks";
        EXPECT_TRUE(outcome.ok()) << stage;
        bson::Builder out;
        out.begin_array("u");
        for (const bson::Document& document : *outcome) {
            out.push(document);
        }
        out.end();
        return to_json(out.finish_view());
    }

    void expect_the_same(const std::string& first, const std::string& stage) {
        const auto outcome = host_.run(
            stages_of(R"([{"$lookup": {"from": "things", "let": {"least": "$least"}, "as": "u",
                "pipeline": [)" +
                      first + R"({"$match": {"$expr": {"$gte": ["$_id", "$$least"]}}}, )" + stage +
                      R"(]}}, {"$project": {"_id": 0, "u": 1}}])"),
            context_);
        ASSERT_TRUE(outcome.ok()) << stage << ": " << outcome.error().message();
        ASSERT_EQ(outcome->size(), 4U);
        for (const std::size_t at : {0U, 1U, 3U}) {
            EXPECT_EQ(to_json((*outcome)[at]), directly(first, stage, 10)) << at;
        }
        EXPECT_EQ(to_json((*outcome)[2]), directly(first, stage, 55));
    }

    MemoryHost host_;
    PipelineContext context_;
};

// Behind a stage that names no variable and that a $match may not pass: what it gives is kept.
constexpr const char* kKept = R"({"$project": {"n": 1, "next": 1, "tags": 1}}, )";

class LookupPipelineStages : public LookupPipelineTest,
                             public ::testing::WithParamInterface<const char*> {};

TEST_P(LookupPipelineStages, StartAnew) {
    expect_the_same("", GetParam());
    expect_the_same(kKept, GetParam());
}

TEST_F(LookupPipelineTest, KeepsNothingThatDoesNotFit) {
    context_.memory_bytes = 1;
    context_.allow_disk_use = true;
    expect_the_same(kKept, R"({"$project": {"n": 1}})");
}

INSTANTIATE_TEST_SUITE_P(
    Each,
    LookupPipelineStages,
    ::testing::Values(
        R"({"$sort": {"n": 1, "_id": -1}})",
        R"({"$sort": {"n": 1, "_id": -1}}, {"$limit": 3})",
        R"({"$skip": 2}, {"$limit": 2})",
        R"({"$unwind": {"path": "$tags", "includeArrayIndex": "i"}}, {"$limit": 5})",
        R"({"$group": {"_id": "$n", "all": {"$push": "$_id"}}})",
        R"({"$count": "n"})",
        R"({"$sortByCount": "$n"})",
        R"({"$bucketAuto": {"groupBy": "$n", "buckets": 3}})",
        R"({"$bucket": {"groupBy": "$n", "boundaries": [0, 3, 9]}})",
        R"({"$facet": {"a": [{"$sort": {"n": -1}}, {"$limit": 2}], "b": [{"$count": "c"}]}})",
        R"({"$sample": {"size": 100}}, {"$sort": {"_id": 1}})",
        R"({"$addFields": {"m": {"$add": ["$n", 1]}}})",
        R"({"$replaceRoot": {"newRoot": {"v": "$n"}}})",
        R"({"$redact": {"$cond": [{"$gt": ["$n", 3]}, "$$PRUNE", "$$KEEP"]}})",
        R"({"$lookup": {"from": "things", "localField": "next", "foreignField": "_id", "as": "o"}},
           {"$limit": 4})",
        R"({"$lookup": {"from": "things", "localField": "next", "foreignField": "_id", "as": "o"}},
           {"$unwind": "$o"}, {"$limit": 4})",
        R"({"$graphLookup": {"from": "things", "startWith": "$next", "connectFromField": "next",
            "connectToField": "_id", "maxDepth": 1, "as": "o"}}, {"$limit": 3})",
        R"({"$limit": 2}, {"$unionWith": {"coll": "things", "pipeline": [{"$limit": 1}]}})"));

}  // namespace
}  // namespace plumb::query
