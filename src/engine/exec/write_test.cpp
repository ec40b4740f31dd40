// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/write.h"

#include "engine/exec/test_database_internal.h"

#include <gtest/gtest.h>

#include <thread>

namespace plumb::exec {
namespace {

using testing::json;

class WriteTest : public ::testing::Test {
  protected:
    Operation operation() { return database_.operation(interrupt_); }

    InsertOutcome insert(const std::vector<bson::Document>& documents) {
        InsertRequest request{.ns = "t.c", .documents = {}};
        for (const bson::Document& document : documents) {
            request.documents.push_back(document.view());
        }
        Operation running = operation();
        Result<InsertOutcome> outcome = insert_documents(running, request);
        EXPECT_TRUE(outcome.ok());
        return *std::move(outcome);
    }

    Result<UpdateOutcomeCounts> update(std::string_view filter,
                                       std::string_view change,
                                       bool multi = false,
                                       bool upsert = false) {
        Operation running = operation();
        const bson::Document spec = json(change);
        return update_documents(running,
                                {.ns = "t.c",
                                 .filter = json(filter),
                                 .update = bson::Value{spec.view().as_value()},
                                 .array_filters = {},
                                 .hint = {},
                                 .multi = multi,
                                 .upsert = upsert});
    }

    std::vector<std::string> all() {
        Operation running = operation();
        FindRequest request;
        request.ns = "t.c";
        request.sort = json(R"({"_id": 1})");
        auto cursor = open_find(running, std::move(request));
        EXPECT_TRUE(cursor.ok());
        std::vector<std::string> out;
        while (true) {
            auto document = (*cursor)->next();
            EXPECT_TRUE(document.ok());
            if (!document.ok() || !*document) {
                return out;
            }
            out.push_back(bson::to_json(**document));
        }
    }

    testing::Database database_;
    Interrupt interrupt_{database_.clock()};
};

TEST_F(WriteTest, InsertStopsAtTheFirstDocumentThatFails) {
    const InsertOutcome outcome = insert({json(R"({"_id": 1})"),
                                          json(R"({"_id": 2})"),
                                          json(R"({"_id": 1, "x": 1})"),
                                          json(R"({"_id": 3})")});
    EXPECT_EQ(outcome.inserted, 2);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code(), ErrorCode::DuplicateKey);
    EXPECT_EQ(all(), (std::vector<std::string>{R"({"_id": 1})", R"({"_id": 2})"}));
}

TEST_F(WriteTest, InsertPutsTheIdFirst) {
    EXPECT_FALSE(insert({json(R"({"x": 1, "_id": 7})")}).error);
    EXPECT_EQ(all(), (std::vector<std::string>{R"({"_id": 7, "x": 1})"}));
}

TEST_F(WriteTest, InsertRefusesWhatCannotBeStored) {
    for (const std::string_view bad :
         {R"({"_id": [1]})",
          R"({"_id": 1, "$x": 1})",
          R"({"_id": {"$regularExpression": {"pattern": "a", "options": ""}}})"}) {
        const InsertOutcome outcome = insert({json(bad)});
        ASSERT_TRUE(outcome.error) << bad;
        EXPECT_EQ(outcome.error->code(), ErrorCode::BadValue) << bad;
    }
}

TEST_F(WriteTest, AnUpdateOfManyMeetsNoDocumentTwice) {
    std::vector<bson::Document> documents;
    for (int i = 0; i < 1200; ++i) {
        bson::Builder document;
        document.append("_id", i).append("n", i);
        documents.push_back(document.finish());
    }
    insert(documents);
    database_.create_index("t.c", json(R"({"key": {"n": 1}, "name": "n_1"})"));
    // Each one moves forward in the index that the update walks along.
    const auto counts = update(R"({"n": {"$gte": 0}})", R"({"$inc": {"n": 5000}})", true);
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(counts->matched, 1200);
    EXPECT_EQ(counts->modified, 1200);
    const auto moved = update(R"({"n": {"$gte": 6200}})", R"({"$set": {"x": 1}})", true);
    EXPECT_EQ(moved->matched, 0);
}

TEST_F(WriteTest, AnErrorAmongManyLeavesWhatWasWrittenBefore) {
    insert({json(R"({"_id": 1, "n": 1})"),
            json(R"({"_id": 2, "n": "s"})"),
            json(R"({"_id": 3, "n": 1})")});
    const auto counts = update("{}", R"({"$inc": {"n": 1}})", true);
    ASSERT_FALSE(counts.ok());
    EXPECT_EQ(counts.error().code(), ErrorCode::TypeMismatch);
    EXPECT_EQ(all(),
              (std::vector<std::string>{
                  R"({"_id": 1, "n": 2})", R"({"_id": 2, "n": "s"})", R"({"_id": 3, "n": 1})"}));
}

TEST_F(WriteTest, UpsertInsertsWhatTheFilterSays) {
    const auto counts = update(R"({"_id": 4, "k": "a"})", R"({"$set": {"v": 1}})", false, true);
    ASSERT_TRUE(counts.ok());
    EXPECT_TRUE(counts->upserted_id);
    EXPECT_EQ(all(), (std::vector<std::string>{R"({"_id": 4, "k": "a", "v": 1})"}));
}

TEST_F(WriteTest, UpsertsOfOneKeyFromManyThreadsMakeOneDocument) {
    insert({json(R"({"_id": 0, "k": -1})")});
    database_.create_index("t.c", json(R"({"key": {"k": 1}, "name": "k_1", "unique": true})"));
    constexpr int kThreads = 4;
    constexpr int kRounds = 50;
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < kRounds; ++round) {
                Interrupt interrupt{database_.clock()};
                Operation running = database_.operation(interrupt);
                bson::Builder filter;
                filter.append("k", round);
                const bson::Document change = json(R"({"$inc": {"hits": 1}})");
                const auto counts =
                    update_documents(running,
                                     {.ns = "t.c",
                                      .filter = filter.finish(),
                                      .update = bson::Value{change.view().as_value()},
                                      .array_filters = {},
                                      .hint = {},
                                      .upsert = true});
                failures += counts.ok() ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(failures, 0);
    Operation running = operation();
    FindRequest request;
    request.ns = "t.c";
    request.filter = json(R"({"hits": 4})");
    EXPECT_EQ(*count_documents(running, request), kRounds);
}

TEST_F(WriteTest, DeleteTakesOneOrAll) {
    insert({json(R"({"_id": 1, "a": 1})"),
            json(R"({"_id": 2, "a": 1})"),
            json(R"({"_id": 3, "a": 1})")});
    Operation running = operation();
    EXPECT_EQ(
        *delete_documents(
            running, {.ns = "t.c", .filter = json(R"({"a": 1})"), .hint = {}, .only_one = true}),
        1);
    EXPECT_EQ(*delete_documents(running, {.ns = "t.c", .filter = json(R"({"a": 1})"), .hint = {}}),
              2);
    EXPECT_TRUE(all().empty());
}

TEST_F(WriteTest, AValidatorRefusesUnlessItIsBypassed) {
    ASSERT_TRUE(database_.engine()
                    .create_collection("t.c", json(R"({"validator": {"a": {"$gt": 0}}})"))
                    .ok());
    const InsertOutcome refused = insert({json(R"({"_id": 1, "a": 0})")});
    ASSERT_TRUE(refused.error);
    EXPECT_EQ(refused.error->code(), ErrorCode::DocumentValidationFailure);
    const bson::Document document = json(R"({"_id": 1, "a": 0})");
    Operation running = operation();
    const auto bypassed = insert_documents(
        running, {.ns = "t.c", .documents = {document.view()}, .bypass_validation = true});
    EXPECT_TRUE(bypassed.ok() && !bypassed->error);
    const auto update_refused = update(R"({"_id": 1})", R"({"$set": {"b": 1}})");
    EXPECT_FALSE(update_refused.ok());
}

TEST_F(WriteTest, FindAndModifyGivesTheDocumentBeforeOrAfter) {
    insert({json(R"({"_id": 1, "n": 1})"), json(R"({"_id": 2, "n": 5})")});
    Operation running = operation();
    const bson::Document change = json(R"({"$inc": {"n": 1}})");
    FindAndModifyRequest request;
    request.ns = "t.c";
    request.sort = json(R"({"n": -1})");
    request.update = bson::Value{change.view().as_value()};
    auto before = find_and_modify(running, request);
    ASSERT_TRUE(before.ok() && before->value);
    EXPECT_EQ(bson::to_json(*before->value), R"({"_id": 2, "n": 5})");
    request.return_new = true;
    auto after = find_and_modify(running, request);
    ASSERT_TRUE(after.ok() && after->value);
    EXPECT_EQ(bson::to_json(*after->value), R"({"_id": 2, "n": 7})");
    EXPECT_TRUE(after->updated_existing);
}

}  // namespace
}  // namespace plumb::exec
