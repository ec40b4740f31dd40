// SPDX-License-Identifier: GPL-3.0-or-later
// Stages give the same over files as in memory, whatever the documents are: generated ones, with
// all ways for a field to be there or not, and a tenth of the memory that they take.
#include "base/random.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "engine/query/memory_host.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace plumb::query {
namespace {

constexpr int kRounds = 25;
constexpr std::uint64_t kDocumentsMin = 400;
constexpr std::uint64_t kDocumentsMore = 1200;
// Less than this, and the bookkeeping of an empty stage is too much.
constexpr std::int64_t kMemoryMin = 24 * 1024;

constexpr auto kPipelines = std::to_array<const char*>({
    R"([{"$sort": {"a": 1, "_id": 1}}])",
    R"([{"$sort": {"a": -1}}])",
    R"([{"$sort": {"b.c": 1, "a": -1}}, {"$limit": 300}])",
    R"([{"$sort": {"pad": 1}}, {"$skip": 7}, {"$limit": 50}])",
    R"([{"$group": {"_id": "$a", "n": {"$sum": 1}, "total": {"$sum": "$n"}, "mean": {"$avg": "$n"},
        "least": {"$min": "$pad"}, "most": {"$max": "$b"}, "first": {"$first": "$_id"},
        "last": {"$last": "$_id"}}}, {"$sort": {"first": 1}}])",
    R"([{"$group": {"_id": {"a": "$a", "c": "$b.c"}, "all": {"$push": "$_id"},
        "set": {"$addToSet": "$n"}, "one": {"$mergeObjects": "$b"}}}, {"$sort": {"all": 1}}])",
    R"([{"$group": {"_id": "$pad", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}])",
    R"([{"$bucketAuto": {"groupBy": "$n", "buckets": 7,
        "output": {"n": {"$sum": 1}, "ids": {"$push": "$_id"}}}}])",
    R"([{"$sortByCount": "$b.c"}])",
});

void append_some_value(Random& random, std::string_view name, bson::Builder& out) {
    const auto number = static_cast<std::int32_t>(random.next() % 40);
    switch (random.next() % 9) {
        case 0:
            return;
        case 1:
            out.append_null(name);
            return;
        case 2:
            out.append(name, static_cast<double>(number));
            return;
        case 3:
            out.append(name, std::int64_t{number});
            return;
        case 4:
            out.append(name, "s" + std::to_string(number));
            return;
        case 5:
            out.begin_array(name).push(number).push("x").end();
            return;
        case 6:
            out.append(name, number % 2 == 0);
            return;
        default:
            out.append(name, number);
    }
}

bson::Document some_document(Random& random, std::int32_t id) {
    bson::Builder out;
    out.append("_id", id);
    append_some_value(random, "a", out);
    out.begin_document("b");
    append_some_value(random, "c", out);
    out.end();
    out.append("n", static_cast<std::int32_t>(random.next() % 100));
    out.append("pad", std::string(random.next() % 400, static_cast<char>('a' + random.next() % 3)));
    return out.finish();
}

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
        return outcome.error().message();
    }
    std::string out;
    for (const bson::Document& document : *outcome) {
        out += to_json(document) + "\n";
    }
    return out;
}

// The values of a set come in the order of their hashes' table, which files change.
std::vector<bson::Document> with_sorted_sets(std::vector<bson::Document> stages) {
    const auto sorted = bson::from_json(
        R"({"$set": {"set": {"$cond": [{"$isArray": "$set"}, {"$setUnion": ["$set"]}, "$$REMOVE"]}}})");
    EXPECT_TRUE(sorted.ok());
    stages.push_back(*sorted);
    return stages;
}

TEST(Spilling, ChangesNoResult) {
    std::size_t spilled = 0;
    for (int round = 0; round < kRounds; ++round) {
        Random random{static_cast<std::uint64_t>(round) + 1};
        MemoryHost host;
        auto& documents = host.collections["t.c"];
        const std::uint64_t count = kDocumentsMin + random.next() % kDocumentsMore;
        std::int64_t bytes = 0;
        for (std::uint64_t id = 0; id < count; ++id) {
            documents.push_back(some_document(random, static_cast<std::int32_t>(id)));
            bytes += static_cast<std::int64_t>(documents.back().bytes().size());
        }
        PipelineContext context;
        context.ns = "t.c";
        context.host = &host;
        const char* pipeline = kPipelines[static_cast<std::size_t>(round) % kPipelines.size()];
        const auto stages = with_sorted_sets(stages_of(pipeline));
        const std::string in_memory = text_of(host.run(stages, context));
        EXPECT_EQ(host.spills, 0U);
        context.allow_disk_use = true;
        context.memory_bytes = std::max(kMemoryMin, bytes / 10);
        EXPECT_EQ(text_of(host.run(stages, context)), in_memory) << pipeline << " round " << round;
        spilled += host.spills;
    }
    // Most rounds write several files.
    EXPECT_GT(spilled, std::size_t{kRounds} * 3);
}

}  // namespace
}  // namespace plumb::query
