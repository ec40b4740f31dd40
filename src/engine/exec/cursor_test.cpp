// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/aggregate.h"
#include "engine/exec/find.h"
#include "engine/exec/test_database_internal.h"
#include "engine/exec/write.h"

#include <gtest/gtest.h>

namespace plumb::exec {
namespace {

using testing::json;

class CursorTest : public ::testing::Test {
  protected:
    void SetUp() override {
        Operation running = database_.operation(interrupt_);
        std::vector<bson::Document> documents;
        for (int i = 0; i < 300; ++i) {
            bson::Builder document;
            document.append("_id", i).append("a", i % 10).append("b", i);
            documents.push_back(document.finish());
        }
        InsertRequest request{.ns = "t.c", .documents = {}};
        for (const bson::Document& document : documents) {
            request.documents.push_back(document.view());
        }
        ASSERT_TRUE(insert_documents(running, request).ok());
        database_.create_index("t.c", json(R"({"key": {"a": 1}, "name": "a_1"})"));
        database_.create_index("t.c", json(R"({"key": {"b": 1}, "name": "b_1"})"));
    }

    static int count_rest(QueryCursor& cursor) {
        int out = 0;
        while (true) {
            const auto document = cursor.next();
            EXPECT_TRUE(document.ok());
            if (!document.ok() || !*document) {
                return out;
            }
            ++out;
        }
    }

    testing::Database database_;
    Interrupt interrupt_{database_.clock()};
};

// Queries whose cursors go through different stages.
struct Shape {
    std::string_view filter;
    std::string_view sort;
    int matches;
};
constexpr Shape kShapes[] = {
    {R"({})", R"({})", 300},
    {R"({"a": {"$gte": 5}})", R"({})", 150},
    {R"({"a": {"$in": [1, 2, 7]}})", R"({"b": -1})", 90},
    {R"({"a": {"$gte": 5}, "b": {"$gte": 100}})", R"({"b": 1})", 100},
    {R"({"$or": [{"a": 1}, {"b": {"$lt": 50}}]})", R"({})", 75},
    {R"({"x": null})", R"({"a": 1, "b": -1})", 300},
};

TEST_F(CursorTest, GoesOnWhereItWasAfterEachBatch) {
    for (const Shape& shape : kShapes) {
        FindRequest request;
        request.ns = "t.c";
        request.filter = json(shape.filter);
        request.sort = json(shape.sort);
        std::unique_ptr<QueryCursor> cursor;
        {
            Operation first = database_.operation(interrupt_);
            auto opened = open_find(first, request);
            ASSERT_TRUE(opened.ok()) << shape.filter;
            cursor = *std::move(opened);
            cursor->save();
        }
        int found = 0;
        while (true) {
            Operation batch = database_.operation(interrupt_);
            cursor->attach(batch);
            ASSERT_TRUE(cursor->restore().ok()) << shape.filter;
            const auto document = cursor->next();
            ASSERT_TRUE(document.ok()) << shape.filter;
            const bool more = document->has_value();
            cursor->save();
            if (!more) {
                break;
            }
            ++found;
        }
        EXPECT_EQ(found, shape.matches) << shape.filter << shape.sort;
    }
}

TEST_F(CursorTest, ASavedCursorHoldsNothingBack) {
    Operation first = database_.operation(interrupt_);
    FindRequest request;
    request.ns = "t.c";
    auto opened = open_find(first, request);
    ASSERT_TRUE(opened.ok());
    ASSERT_TRUE((*opened)->next().ok());
    (*opened)->save();
    ASSERT_TRUE(database_.engine().drop_collection("t.c").ok());
    Operation second = database_.operation(interrupt_);
    (*opened)->attach(second);
    const Status status = (*opened)->restore();
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), ErrorCode::QueryPlanKilled);
}

TEST_F(CursorTest, CountsWhatItExamined) {
    Operation running = database_.operation(interrupt_);
    FindRequest request;
    request.ns = "t.c";
    request.filter = json(R"({"a": 3})");
    auto opened = open_find(running, request);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(count_rest(**opened), 30);
    EXPECT_EQ(running.statistics.keys_examined, 30);
    EXPECT_EQ(running.statistics.docs_examined, 30);
    EXPECT_EQ(running.statistics.documents_returned, 30);
    EXPECT_EQ(running.statistics.plan_summary, "IXSCAN { a: 1 }");
}

TEST_F(CursorTest, APlanThatWonTwiceIsUsedWithoutTrial) {
    FindRequest request;
    request.ns = "t.c";
    request.filter = json(R"({"a": 3, "b": {"$lt": 200}})");
    for (int run = 0; run < 3; ++run) {
        Operation running = database_.operation(interrupt_);
        auto opened = open_find(running, request);
        ASSERT_TRUE(opened.ok());
        EXPECT_EQ(count_rest(**opened), 20);
    }
    const auto entries = database_.plan_cache().entries("t.c");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_TRUE(entries.front().active);
    EXPECT_EQ(entries.front().plan, "FETCH(IXSCAN a_1 forward)");
}

TEST_F(CursorTest, AViewIsReadThroughItsPipeline) {
    ASSERT_TRUE(database_.engine()
                    .create_collection(
                        "t.v", json(R"({"viewOn": "c", "pipeline": [{"$match": {"a": 3}}]})"))
                    .ok());
    Operation running = database_.operation(interrupt_);
    FindRequest request;
    request.ns = "t.v";
    request.filter = json(R"({"b": {"$gte": 100}})");
    auto opened = open_find(running, request);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(count_rest(**opened), 20);
    EXPECT_EQ(*count_documents(running, request), 20);
}

TEST_F(CursorTest, OutReplacesACollectionAndMergeChangesOne) {
    Operation running = database_.operation(interrupt_);
    AggregateRequest out;
    out.ns = "t.c";
    out.pipeline = {json(R"({"$match": {"a": 1}})"), json(R"({"$out": "target"})")};
    auto wrote = open_aggregate(running, out);
    ASSERT_TRUE(wrote.ok());
    EXPECT_EQ(count_rest(**wrote), 0);
    FindRequest counted;
    counted.ns = "t.target";
    EXPECT_EQ(*count_documents(running, counted), 30);
    AggregateRequest merge;
    merge.ns = "t.c";
    merge.pipeline = {json(R"({"$match": {"a": {"$in": [1, 2]}}})"),
                      json(R"({"$project": {"seen": {"$literal": 1}}})"),
                      json(R"({"$merge": {"into": "target"}})")};
    auto merged = open_aggregate(running, merge);
    ASSERT_TRUE(merged.ok()) << merged.error().message();
    EXPECT_EQ(count_rest(**merged), 0);
    EXPECT_EQ(*count_documents(running, counted), 60);
    counted.filter = json(R"({"seen": 1, "b": {"$exists": true}})");
    EXPECT_EQ(*count_documents(running, counted), 30);
}

}  // namespace
}  // namespace plumb::exec
