// SPDX-License-Identifier: GPL-3.0-or-later
// What recordings of single stages do not show: memory, files, what stages do to each other.
#include "bson/builder.h"
#include "bson/json.h"
#include "engine/query/memory_host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::query {

namespace {

std::vector<bson::Document> stages_of(const std::string& array) {
    const auto wrapped = bson::from_json("{\"stages\": " + array + "}");
    EXPECT_TRUE(wrapped.ok()) << array;
    std::vector<bson::Document> out;
    for (const bson::Element& stage : wrapped->find("stages").as_container()) {
        out.emplace_back(stage.value.as_document());
    }
    return out;
}

std::string text_of(const Result<std::vector<bson::Document>>& outcome) {
    if (!outcome.ok()) {
        return "error " + std::to_string(static_cast<std::int32_t>(outcome.error().code()));
    }
    std::string out;
    for (const bson::Document& document : *outcome) {
        out += to_json(document) + "\n";
    }
    return out;
}

class StageTest : public ::testing::Test {
  protected:
    StageTest() {
        context_.ns = "shop.orders";
        context_.host = &host_;
        auto& orders = host_.collections["shop.orders"];
        for (std::int32_t number = 0; number < 2000; ++number) {
            bson::Builder order;
            order.append("_id", number);
            order.append("user", "usr_" + std::to_string(number * 7919 % 501));
            order.append("price", number % 13 * 1.5);
            order.append("note", std::string(static_cast<std::size_t>(number % 40), 'x'));
            order.begin_array("tags");
            for (std::int32_t tag = 0; tag < number % 4; ++tag) {
                order.push(tag);
            }
            order.end();
            orders.push_back(order.finish());
        }
    }

    std::string run(const std::string& stages) {
        return text_of(host_.run(stages_of(stages), context_));
    }

    MemoryHost host_;
    PipelineContext context_;
};

constexpr const char* kGroup = R"([{"$group": {"_id": "$user", "n": {"$sum": 1},
    "total": {"$sum": "$price"}, "mean": {"$avg": "$price"}, "least": {"$min": "$_id"},
    "most": {"$max": "$_id"}, "first": {"$first": "$_id"}, "last": {"$last": "$note"},
    "all": {"$push": "$_id"}, "set": {"$addToSet": "$price"}, "dev": {"$stdDevPop": "$price"},
    "merged": {"$mergeObjects": {"a": "$_id"}}}}, {"$sort": {"_id": 1}}])";

TEST_F(StageTest, GroupGivesTheSameOverFiles) {
    const std::string in_memory = run(kGroup);
    context_.memory_bytes = 64 * 1024;
    context_.allow_disk_use = true;
    std::string over_files = run(kGroup);
    // The deviation is summed up in another order: the last digits may differ.
    EXPECT_EQ(in_memory.size() / 100, over_files.size() / 100);
    const auto without_deviation = [](std::string text) {
        for (std::size_t at = text.find("\"dev\""); at != std::string::npos;
             at = text.find("\"dev\"", at)) {
            text.erase(at, text.find(',', at) - at);
        }
        return text;
    };
    EXPECT_EQ(without_deviation(in_memory), without_deviation(over_files));
}

TEST_F(StageTest, GroupOverItsMemoryFailsWithoutFiles) {
    context_.memory_bytes = 64 * 1024;
    EXPECT_EQ(run(kGroup), "error 16945");
}

TEST_F(StageTest, SortGivesTheSameOverFiles) {
    constexpr const char* kSort = R"([{"$sort": {"price": -1}}, {"$project": {"price": 1}}])";
    const std::string in_memory = run(kSort);
    context_.memory_bytes = 64 * 1024;
    context_.allow_disk_use = true;
    EXPECT_EQ(run(kSort), in_memory);
}

TEST_F(StageTest, SortOverItsMemoryFailsWithoutFiles) {
    context_.memory_bytes = 64 * 1024;
    EXPECT_EQ(run(R"([{"$sort": {"price": -1}}])"), "error 16819");
}

TEST_F(StageTest, SortIsStable) {
    const auto sorted = host_.run(stages_of(R"([{"$sort": {"price": 1}}])"), context_);
    ASSERT_TRUE(sorted.ok());
    for (std::size_t at = 1; at < sorted->size(); ++at) {
        const auto& before = (*sorted)[at - 1];
        const auto& after = (*sorted)[at];
        if (before.find("price").identical(after.find("price"))) {
            EXPECT_LT(before.find("_id").as_int32(), after.find("_id").as_int32());
        }
    }
}

TEST_F(StageTest, SortWithALimitGivesTheFrontOfTheWhole) {
    const auto whole = host_.run(stages_of(R"([{"$sort": {"note": 1}}])"), context_);
    ASSERT_TRUE(whole.ok());
    // Little memory is enough for a small limit, even without files.
    context_.memory_bytes = 256 * 1024;
    const auto front =
        host_.run(stages_of(R"([{"$sort": {"note": 1}}, {"$skip": 3}, {"$limit": 5}])"), context_);
    ASSERT_TRUE(front.ok()) << front.error().message();
    ASSERT_EQ(front->size(), 5U);
    for (std::size_t at = 0; at < front->size(); ++at) {
        EXPECT_EQ((*front)[at].bytes(), (*whole)[at + 3].bytes());
    }
}

TEST_F(StageTest, UnwindTakenOverByLookupGivesTheSame) {
    auto& users = host_.collections["shop.users"];
    users.push_back(*bson::from_json(R"({"_id": "usr_1", "name": "One"})"));
    users.push_back(*bson::from_json(R"({"_id": "usr_2", "name": "Two"})"));
    const std::string lookup = R"({"$lookup": {"from": "users", "localField": "user",
        "foreignField": "_id", "as": "u"}})";
    for (const char* unwind : {R"({"$unwind": "$u"})",
                               R"({"$unwind": {"path": "$u", "preserveNullAndEmptyArrays": true,
              "includeArrayIndex": "at"}})"}) {
        // A stage between the two keeps them apart.
        const std::string apart =
            run("[" + lookup + R"(, {"$match": {}}, )" + unwind + R"(, {"$limit": 300}])");
        const std::string together = run("[" + lookup + "," + unwind + R"(, {"$limit": 300}])");
        EXPECT_FALSE(apart.empty());
        EXPECT_EQ(apart, together);
    }
}

TEST_F(StageTest, LookupFromATableGivesTheSameAsByAnIndex) {
    // Every way a field can be there or not, on both sides.
    const std::vector<std::string> fields{
        "",
        R"("k": null)",
        R"("k": 1)",
        R"("k": {"$numberLong": "1"})",
        R"("k": 1.0)",
        R"("k": {"$numberDecimal": "1.00"})",
        R"("k": "a")",
        R"("k": [])",
        R"("k": [1, "a"])",
        R"("k": [[1]])",
        R"("k": [null])",
        R"("k": {"a": 1})",
        R"("k": [{"a": 1}])",
        R"("k": {"$regularExpression": {"pattern": "a", "options": ""}})",
        R"("k": {"$numberDouble": "NaN"})"};
    auto& left = host_.collections["shop.orders"];
    left.clear();
    auto& right = host_.collections["shop.things"];
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const std::string text =
            "{\"_id\": " + std::to_string(at) + (fields[at].empty() ? "" : ", ") + fields[at] + "}";
        const auto document = bson::from_json(text);
        ASSERT_TRUE(document.ok()) << text;
        left.push_back(*document);
        right.push_back(*document);
    }
    for (const char* foreign : {"k", "k.a", "_id", "absent"}) {
        const std::string pipeline =
            std::string{R"([{"$lookup": {"from": "things", "localField": "k",
            "foreignField": ")"} +
            foreign + R"(", "as": "t"}}])";
        host_.indexed = true;
        const std::string nested = run(pipeline);
        host_.indexed = false;
        EXPECT_EQ(run(pipeline), nested) << foreign;
        EXPECT_NE(nested.find(R"("t")"), std::string::npos) << nested;
    }
}

// Gives one document from a buffer that is gone once the cursor rests.
class RestingSource final : public DocumentSource {
  public:
    explicit RestingSource(const bson::Document& document) : bytes_(document.bytes()) {}
    Result<std::optional<bson::View>> next() override {
        if (std::exchange(given_, true)) {
            return std::optional<bson::View>{};
        }
        return std::optional{bson::View{std::string_view{bytes_}}};
    }
    void save() override { bytes_.assign(bytes_.size(), '\x7F'); }

  private:
    std::string bytes_;
    bool given_ = false;
};

TEST_F(StageTest, UnwindGoesOnAfterTheCursorRested) {
    auto pipeline = parse_pipeline(stages_of(R"([{"$unwind": "$a"}])"), context_);
    ASSERT_TRUE(pipeline.ok());
    RestingSource source{*bson::from_json(R"({"_id": 1, "a": [1, 2, 3], "b": "x"})")};
    DocumentSource& last = connect(*pipeline, source);
    std::string got;
    for (int round = 0; round < 3; ++round) {
        const auto document = last.next();
        ASSERT_TRUE(document.ok() && document->has_value());
        got += to_json(**document);
        last.save();
        ASSERT_TRUE(last.restore().ok());
    }
    EXPECT_EQ(
        got,
        R"({"_id": 1, "a": 1, "b": "x"}{"_id": 1, "a": 2, "b": "x"}{"_id": 1, "a": 3, "b": "x"})");
}

TEST_F(StageTest, UnwindShowsAllThatIsReadBehindIt) {
    // The same with the fields cut to what is read, and with the whole document.
    const std::string group = R"(, {"$group": {"_id": "$tags", "n": {"$sum": "$price"},
        "users": {"$addToSet": "$user"}, "at": {"$max": "$i"})";
    const std::string unwind =
        R"([{"$unwind": {"path": "$tags", "includeArrayIndex": "i", "preserveNullAndEmptyArrays": true}})";
    const std::string cut = run(unwind + group + R"(}}, {"$project": {"all": 0}}])");
    const std::string whole =
        run(unwind + group + R"(, "all": {"$push": "$$ROOT"}}}, {"$project": {"all": 0}}])");
    EXPECT_NE(cut, "");
    EXPECT_EQ(cut, whole);
}

TEST_F(StageTest, ExpressionsAreInterrupted) {
    const SystemClock clock;
    Interrupt interrupt{clock};
    context_.interrupt = &interrupt;
    interrupt.kill(ErrorCode::Interrupted);
    EXPECT_EQ(run(R"([{"$project": {"a": {"$reduce": {"input": "$tags", "initialValue": 0,
        "in": {"$add": ["$$value", "$$this"]}}}}}, {"$match": {"_id": 3}}])"),
              "error 11601");
}

TEST_F(StageTest, ExpressionsEndBeforeTheMemoryDoes) {
    EXPECT_EQ(run(R"([{"$limit": 1}, {"$project": {"a": {"$reduce": {"input": {"$range": [0, 64]},
        "initialValue": "$user", "in": {"$concat": ["$$value", "$$value"]}}}}}])"),
              "error 146");
}

TEST_F(StageTest, LookupGivesVariablesToItsPipeline) {
    auto& users = host_.collections["shop.users"];
    users.push_back(*bson::from_json(R"({"_id": "usr_0", "name": "Zero"})"));
    const std::string outcome =
        run(R"([{"$match": {"_id": {"$lt": 2}}}, {"$lookup": {"from": "users",
        "let": {"user": "$user"}, "pipeline": [{"$match": {"$expr": {"$eq": ["$_id", "$$user"]}}},
        {"$project": {"_id": 0, "name": 1}}], "as": "u"}}, {"$project": {"u": 1}}])");
    EXPECT_EQ(outcome, "{\"_id\": 0, \"u\": [{\"name\": \"Zero\"}]}\n{\"_id\": 1, \"u\": []}\n");
}

TEST_F(StageTest, LookupChecksItsPipelineBeforeAnyDocument) {
    host_.collections["shop.orders"].clear();
    EXPECT_EQ(
        run(R"([{"$lookup": {"from": "users", "let": {}, "pipeline": [{"$project": {"a": "$$x"}}],
        "as": "u"}}])"),
        "error 17276");
}

TEST_F(StageTest, FacetsSeeTheSameDocuments) {
    const std::string facets = R"([{"$facet": {"n": [{"$count": "n"}],
        "top": [{"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 1}}], "none": [{"$match": {"_id": -1}}]}}])";
    const std::string expected =
        "{\"n\": [{\"n\": 2000}], \"top\": [{\"_id\": 1999}], \"none\": []}\n";
    EXPECT_EQ(run(facets), expected);
    // Over a file as well.
    context_.memory_bytes = 1024 * 1024;
    EXPECT_EQ(run(facets), expected);
}

TEST_F(StageTest, SampleGivesDifferentDocumentsOnce) {
    const auto sample =
        host_.run(stages_of(R"([{"$sample": {"size": 1999}}, {"$sort": {"_id": 1}}])"), context_);
    ASSERT_TRUE(sample.ok());
    ASSERT_EQ(sample->size(), 1999U);
    for (std::size_t at = 1; at < sample->size(); ++at) {
        EXPECT_NE((*sample)[at - 1].find("_id").as_int32(), (*sample)[at].find("_id").as_int32());
    }
}

TEST_F(StageTest, RedactKnowsRootAndTheDocumentItIsAt) {
    host_.collections["shop.orders"] = {*bson::from_json(
        R"({"_id": 1, "level": 1, "a": {"level": 2, "x": 1}, "b": [{"level": 1}, {"level": 5}, 7]})")};
    EXPECT_EQ(run(R"([{"$redact": {"$cond": [{"$lte": ["$level", {"$add": ["$$ROOT.level", 1]}]},
        "$$DESCEND", "$$PRUNE"]}}])"),
              "{\"_id\": 1, \"level\": 1, \"a\": {\"level\": 2, \"x\": 1}, \"b\": [{\"level\": 1}, "
              "7]}\n");
}

TEST_F(StageTest, MergeChecksAllDocumentsBeforeItWritesOne) {
    const std::string merge = R"({"$merge": {"into": "copy"}}])";
    EXPECT_EQ(
        run(R"([{"$project": {"_id": {"$cond": [{"$eq": ["$_id", 7]}, null, "$_id"]}}}, )" + merge),
        "error 51132");
    EXPECT_EQ(host_.collections["shop.copy"].size(), 0U);
    EXPECT_EQ(run("[" + merge), "");
    EXPECT_EQ(host_.collections["shop.copy"].size(), 2000U);
}

struct RefusedPipeline {
    const char* stages;
    std::int32_t code;
};

class RefusedPipelines : public ::testing::TestWithParam<RefusedPipeline> {};

TEST_P(RefusedPipelines, HaveTheirCode) {
    MemoryHost host;
    const auto outcome = host.run("shop.orders", stages_of(GetParam().stages));
    ASSERT_FALSE(outcome.ok()) << GetParam().stages;
    EXPECT_EQ(static_cast<std::int32_t>(outcome.error().code()), GetParam().code)
        << GetParam().stages << ": " << outcome.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    ByCode,
    RefusedPipelines,
    ::testing::Values(
        RefusedPipeline{R"([{"$indexStats": {}}, {"$match": {}}, {"$indexStats": {}}])", 40602},
        RefusedPipeline{R"([{"$merge": {"into": "x"}}, {"$match": {}}])", 40601},
        RefusedPipeline{R"([{"$geoNear": {}}])", 115},
        RefusedPipeline{R"([{"$changeStream": {}}])", 40573},
        RefusedPipeline{R"([{"$project": {"a": {"$add": [1], "b": 2}}}])", 40181},
        RefusedPipeline{R"([{"$project": {"a": {"b.c": 1}}}])", 40183},
        RefusedPipeline{R"([{"$project": {"a": {}}}])", 40180},
        RefusedPipeline{R"([{"$project": {"a": {"b": 1}, "a.b": 1}}])", 40176},
        RefusedPipeline{R"([{"$bucket": {"groupBy": "$a", "boundaries": [3, 1]}}])", 40194},
        RefusedPipeline{R"([{"$bucket": {"groupBy": "$a", "boundaries": [1, "x"]}}])", 40193},
        RefusedPipeline{R"([{"$bucket": {"groupBy": "$a", "boundaries": [1, 5], "default": 2}}])",
                        40199},
        RefusedPipeline{R"([{"$lookup": {"from": "x", "as": "y", "pipeline": [{"$out": "z"}]}}])",
                        51047},
        RefusedPipeline{
            R"([{"$merge": {"into": "x", "whenMatched": "fail", "whenNotMatched": "fail"}}])",
            51181},
        RefusedPipeline{R"([{"$facet": {"a": [{"$facet": {"b": []}}]}}])", 40600}));

}  // namespace

}  // namespace plumb::query
