// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/collection.h"

#include "engine/storage/test_engine_internal.h"

#include <atomic>
#include <thread>

namespace plumb::storage {
namespace {

class CollectionTest : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        create(kNs);
    }
    static constexpr const char* kNs = "shop.orders";
};

TEST_F(CollectionTest, ReadsWhatWasInserted) {
    const RecordId id = must_insert(kNs, R"({"_id": 7, "a": "x"})");
    EXPECT_EQ(id, kFirstRecord);
    const auto collection = engine_->collection(kNs);
    auto transaction = engine_->begin(Access::Read);
    std::string document;
    const auto found = collection->read(**transaction, id, document);
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(*found);
    EXPECT_EQ(document, json(R"({"_id": 7, "a": "x"})").bytes());
    EXPECT_FALSE(*collection->read(**transaction, RecordId{2}, document));
}

TEST_F(CollectionTest, RecordIdsRiseAndAreNotUsedAgain) {
    EXPECT_EQ(must_insert(kNs, R"({"_id": 1})").number(), 1);
    const RecordId second = must_insert(kNs, R"({"_id": 2})");
    EXPECT_EQ(second.number(), 2);
    ASSERT_TRUE(remove(kNs, second).ok());
    open();
    EXPECT_EQ(must_insert(kNs, R"({"_id": 3})").number(), 3);
}

TEST_F(CollectionTest, CountsDocumentsAndBytesOfCommittedWrites) {
    const std::int64_t bytes = json(R"({"_id": 1, "a": "x"})").view().byte_size();
    const RecordId id = must_insert(kNs, R"({"_id": 1, "a": "x"})");
    {
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Write);
        ASSERT_TRUE(collection->insert(**transaction, json(R"({"_id": 2})")).ok());
        (*transaction)->rollback();
    }
    EXPECT_EQ(engine_->collection(kNs)->document_count(), 1);
    EXPECT_EQ(engine_->collection(kNs)->data_bytes(), bytes);
    ASSERT_TRUE(update(kNs, id, R"({"_id": 1, "a": "xyz"})").ok());
    EXPECT_EQ(engine_->collection(kNs)->data_bytes(), bytes + 2);
    open();
    EXPECT_EQ(engine_->collection(kNs)->document_count(), 1);
    EXPECT_EQ(engine_->collection(kNs)->data_bytes(), bytes + 2);
    ASSERT_TRUE(remove(kNs, id).ok());
    EXPECT_EQ(engine_->collection(kNs)->data_bytes(), 0);
}

TEST_F(CollectionTest, DuplicateIdNamesKeyAndChangesNothing) {
    must_insert(kNs, R"({"_id": 1})");
    const auto second = insert(kNs, json(R"({"_id": 1.0})"));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code(), ErrorCode::DuplicateKey);
    EXPECT_EQ(
        second.error().message(),
        "E11000 duplicate key error collection: shop.orders index: _id_ dup key: { _id: 1.0 }");
    const bson::Document details{second.error().details()};
    EXPECT_EQ(bson::to_json(details.view()),
              bson::to_json(json(R"({"keyPattern": {"_id": 1}, "keyValue": {"_id": 1.0}})")));
    EXPECT_EQ(engine_->collection(kNs)->document_count(), 1);
}

TEST_F(CollectionTest, ARefusedWriteLeavesItsTransactionUsable) {
    ASSERT_TRUE(
        build(kNs, {unique_spec("a_1", R"({"a": 1})"), unique_spec("b_1", R"({"b": 1})")}).ok());
    must_insert(kNs, R"({"_id": 1, "a": 1, "b": 1})");
    const RecordId second = must_insert(kNs, R"({"_id": 2, "a": 2, "b": 2})");
    {
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Write);
        // Fits into _id_ and a_1, not into b_1.
        EXPECT_EQ(
            collection->insert(**transaction, json(R"({"_id": 3, "a": 3, "b": 1})")).error().code(),
            ErrorCode::DuplicateKey);
        EXPECT_EQ(collection
                      ->update(**transaction,
                               second,
                               json(R"({"_id": 2, "a": 2, "b": 2})"),
                               json(R"({"_id": 2, "a": 9, "b": 1})"))
                      .error()
                      .code(),
                  ErrorCode::DuplicateKey);
        ASSERT_TRUE(collection->insert(**transaction, json(R"({"_id": 3, "a": 3, "b": 3})")).ok());
        ASSERT_TRUE((*transaction)->commit().ok());
    }
    EXPECT_EQ(engine_->collection(kNs)->document_count(), 3);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, UpdateMovesOnlyTheKeysThatChanged) {
    ASSERT_TRUE(
        build(kNs, {index_spec("a_1", R"({"a": 1})"), index_spec("b_1", R"({"b": 1})")}).ok());
    const RecordId id = must_insert(kNs, R"({"_id": 1, "a": [1, 2, 3], "b": 1})");
    const auto collection = engine_->collection(kNs);
    auto transaction = engine_->begin(Access::Write);
    WriteCost cost;
    ASSERT_TRUE(collection
                    ->update(**transaction,
                             id,
                             json(R"({"_id": 1, "a": [1, 2, 3], "b": 1})"),
                             json(R"({"_id": 1, "a": [2, 3, 4], "b": 1})"),
                             &cost)
                    .ok());
    ASSERT_TRUE((*transaction)->commit().ok());
    EXPECT_EQ(cost.keys_inserted, 1);
    EXPECT_EQ(cost.keys_deleted, 1);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, AChangedNumberTypeReachesTheIndex) {
    ASSERT_TRUE(
        build(kNs, {unique_spec("a_1", R"({"a": 1})"), index_spec("b_1", R"({"b": 1})")}).ok());
    const RecordId id = must_insert(kNs, R"({"_id": 1, "a": 1, "b": 1})");
    ASSERT_TRUE(update(kNs, id, R"({"_id": 1, "a": 1.0, "b": 1.0})").ok());
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, TheFirstArrayMakesAnIndexMultikeyBeforeTheWrite) {
    ASSERT_TRUE(build(kNs, {index_spec("a_1_b_1", R"({"a.x": 1, "b": 1})")}).ok());
    must_insert(kNs, R"({"_id": 1, "a": {"x": 1}, "b": 1})");
    const auto before = engine_->collection(kNs)->state().find_index("a_1_b_1");
    EXPECT_FALSE(before->multikey);
    must_insert(kNs, R"({"_id": 2, "a": [{"x": 1}, {"x": 2}], "b": 1})");
    const auto after = engine_->collection(kNs)->state().find_index("a_1_b_1");
    EXPECT_TRUE(after->multikey);
    ASSERT_EQ(after->multikey_paths.size(), 2U);
    EXPECT_EQ(after->multikey_paths[0], std::vector<std::uint32_t>{0});
    EXPECT_TRUE(after->multikey_paths[1].empty());
    // Whoever still has the old state must not use it.
    auto transaction = engine_->begin(Access::Read);
    EXPECT_EQ(IndexCursor::open(**transaction, *before, Direction::Forward).error().code(),
              ErrorCode::WriteConflict);
    EXPECT_TRUE(IndexCursor::open(**transaction, *after, Direction::Forward).ok());
    transaction->reset();
    open();
    EXPECT_TRUE(engine_->collection(kNs)->state().find_index("a_1_b_1")->multikey);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, ParallelArraysAreRefusedAndChangeNothing) {
    ASSERT_TRUE(build(kNs, {index_spec("ab", R"({"a": 1, "b": 1})")}).ok());
    EXPECT_EQ(insert(kNs, json(R"({"_id": 1, "a": [1, 2], "b": [1, 2]})")).error().code(),
              ErrorCode::CannotIndexParallelArrays);
    EXPECT_EQ(engine_->collection(kNs)->document_count(), 0);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, APartialIndexHoldsOnlyWhatItsFilterAccepts) {
    IndexSpec spec = unique_spec("a_1", R"({"a": 1})");
    spec.partial = json(R"({"active": true})");
    ASSERT_TRUE(build(kNs, {spec}).ok());
    const RecordId out = must_insert(kNs, R"({"_id": 1, "a": 1, "active": false})");
    const RecordId in = must_insert(kNs, R"({"_id": 2, "a": 1, "active": true})");
    EXPECT_EQ(ids_by_index(kNs, "a_1"), std::vector<std::int64_t>{in.number()});
    EXPECT_EQ(update(kNs, out, R"({"_id": 1, "a": 1, "active": true})").error().code(),
              ErrorCode::DuplicateKey);
    ASSERT_TRUE(update(kNs, in, R"({"_id": 2, "a": 1, "active": false})").ok());
    ASSERT_TRUE(update(kNs, out, R"({"_id": 1, "a": 1, "active": true})").ok());
    EXPECT_EQ(ids_by_index(kNs, "a_1"), std::vector<std::int64_t>{out.number()});
    open();
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CollectionTest, TwoWritersOfOneDocumentConflict) {
    const RecordId id = must_insert(kNs, R"({"_id": 1, "n": 0})");
    const auto collection = engine_->collection(kNs);
    const bson::Document before = json(R"({"_id": 1, "n": 0})");
    auto first = engine_->begin(Access::Write);
    auto second = engine_->begin(Access::Write);
    ASSERT_TRUE(collection->update(**first, id, before, json(R"({"_id": 1, "n": 1})")).ok());
    EXPECT_EQ(
        collection->update(**second, id, before, json(R"({"_id": 1, "n": 2})")).error().code(),
        ErrorCode::WriteConflict);
    ASSERT_TRUE((*first)->commit().ok());
}

TEST_F(CollectionTest, OneUniqueKeyFromTwoTransactionsConflictsThenIsADuplicate) {
    const auto collection = engine_->collection(kNs);
    auto first = engine_->begin(Access::Write);
    auto second = engine_->begin(Access::Write);
    ASSERT_TRUE(collection->insert(**first, json(R"({"_id": 1})")).ok());
    EXPECT_EQ(collection->insert(**second, json(R"({"_id": 1})")).error().code(),
              ErrorCode::WriteConflict);
    (*second)->rollback();
    ASSERT_TRUE((*first)->commit().ok());
    EXPECT_EQ(insert(kNs, json(R"({"_id": 1})")).error().code(), ErrorCode::DuplicateKey);
}

TEST_F(CollectionTest, RunWriteRetriesUntilEachIncrementIsIn) {
    const RecordId id = must_insert(kNs, R"({"_id": 1, "n": 0})");
    constexpr int kThreads = 4;
    constexpr int kIncrements = 50;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < kIncrements; ++round) {
                Interrupt interrupt{clock_};
                const Status done = engine_->run_write(
                    Durability::Lazy, interrupt, [&](Transaction& transaction) -> Status {
                        const auto collection = engine_->collection(kNs);
                        std::string before;
                        PLUMB_TRY(found, collection->read(transaction, id, before));
                        EXPECT_TRUE(found);
                        bson::Builder after;
                        after.append("_id", 1);
                        after.append("n", bson::View{before}.find("n").as_int32() + 1);
                        return collection->update(
                            transaction, id, bson::View{before}, after.finish());
                    });
                EXPECT_TRUE(done.ok());
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const auto collection = engine_->collection(kNs);
    auto transaction = engine_->begin(Access::Read);
    std::string document;
    ASSERT_TRUE(*collection->read(**transaction, id, document));
    EXPECT_EQ(bson::View{document}.find("n").as_int32(), kThreads * kIncrements);
}

TEST_F(CollectionTest, RunWriteStopsWhenInterrupted) {
    const RecordId id = must_insert(kNs, R"({"_id": 1})");
    const auto collection = engine_->collection(kNs);
    auto holder = engine_->begin(Access::Write);
    ASSERT_TRUE(
        collection->update(**holder, id, json(R"({"_id": 1})"), json(R"({"_id": 1, "a": 1})"))
            .ok());
    Interrupt interrupt{clock_};
    int tries = 0;
    const Status stopped =
        engine_->run_write(Durability::Lazy, interrupt, [&](Transaction& transaction) -> Status {
            if (++tries == 3) {
                interrupt.kill(ErrorCode::Interrupted);
            }
            return collection->update(
                transaction, id, json(R"({"_id": 1})"), json(R"({"_id": 1, "a": 2})"));
        });
    EXPECT_EQ(tries, 3);
    EXPECT_EQ(stopped.error().code(), ErrorCode::Interrupted);
}

}  // namespace
}  // namespace plumb::storage
