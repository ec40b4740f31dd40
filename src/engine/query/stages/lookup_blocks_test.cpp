// SPDX-License-Identifier: GPL-3.0-or-later
// However little memory a $lookup has, it finds the same documents in the same order.
#include "engine/query/stages/lookup_blocks.h"

#include "base/random.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "engine/query/memory_host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::query {
namespace {

constexpr std::int32_t kLocals = 700;
constexpr std::int32_t kForeigns = 500;

void append_field(bson::Builder& out, std::string_view field, Random& random) {
    switch (random.below(8)) {
        case 0:
            return;
        case 1:
            out.append(field, bson::Value::null());
            return;
        case 2:
            out.begin_array(field).end();
            return;
        case 3:
            out.begin_array(field);
            out.push(static_cast<std::int32_t>(random.below(20)));
            out.push(static_cast<std::int32_t>(random.below(20)));
            out.end();
            return;
        case 4:
            out.begin_array(field);
            out.push_array().push(static_cast<std::int32_t>(random.below(3))).end();
            out.end();
            return;
        case 5:
            out.append(field, static_cast<double>(random.below(20)));
            return;
        default:
            out.append(field, static_cast<std::int32_t>(random.below(60)));
    }
}

class LookupBlocksTest : public ::testing::Test {
  protected:
    LookupBlocksTest() {
        Random random{20261124};
        for (std::int32_t number = 0; number < kLocals; ++number) {
            bson::Builder local;
            local.append("_id", number);
            append_field(local, "a", random);
            host_.collections["t.locals"].push_back(local.finish());
        }
        for (std::int32_t number = 0; number < kForeigns; ++number) {
            bson::Builder foreign;
            foreign.append("_id", number);
            append_field(foreign, "b", random);
            foreign.append("padding", std::string(200, 'x'));
            host_.collections["t.foreigns"].push_back(foreign.finish());
        }
    }

    std::vector<std::string> run(const std::string& behind, std::int64_t memory_bytes) {
        PipelineContext context;
        context.host = &host_;
        context.ns = "t.locals";
        context.memory_bytes = memory_bytes;
        std::vector<bson::Document> stages;
        stages.push_back(*bson::from_json(
            R"({"$lookup": {"from": "foreigns", "localField": "a", "foreignField": "b", "as": "o"}})"));
        if (!behind.empty()) {
            stages.push_back(*bson::from_json(behind));
        }
        const auto found = host_.run(stages, context);
        EXPECT_TRUE(found.ok());
        std::vector<std::string> out;
        for (const bson::Document& each : *found) {
            out.push_back(bson::to_json(each));
        }
        return out;
    }

    MemoryHost host_;
};

TEST_F(LookupBlocksTest, little_memory_finds_the_same) {
    constexpr std::int64_t kAll = 100 << 20;
    for (const char* behind : {"",
                               R"({"$unwind": "$o"})",
                               R"({"$limit": 3})",
                               R"({"$unwind": {"path": "$o", "includeArrayIndex": "at",
                                               "preserveNullAndEmptyArrays": true}})"}) {
        const auto wanted = run(behind, kAll);
        EXPECT_FALSE(wanted.empty());
        // A block and its matches; blocks that are halved; matches of one document that do not fit.
        for (const std::int64_t memory_bytes : {100'000, 30'000, 3'000}) {
            EXPECT_EQ(run(behind, memory_bytes), wanted) << behind << " with " << memory_bytes;
        }
    }
}

}  // namespace
}  // namespace plumb::query
