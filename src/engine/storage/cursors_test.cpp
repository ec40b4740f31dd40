// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursors.h"

#include "engine/storage/test_engine_internal.h"

namespace plumb::storage {
namespace {

class CursorsTest : public EngineTest {
  protected:
    static constexpr const char* kNs = "shop.orders";
    void SetUp() override {
        EngineTest::SetUp();
        create(kNs);
        ASSERT_TRUE(
            build(kNs, {index_spec("a_1", R"({"a": 1})"), unique_spec("u_1", R"({"u": 1})")}).ok());
        for (const char* text : {R"({"_id": 1, "a": 10, "u": 100})",
                                 R"({"_id": 2, "a": 20, "u": 200})",
                                 R"({"_id": 3, "a": 20, "u": 300})",
                                 R"({"_id": 4, "a": 30, "u": 400})"}) {
            must_insert(kNs, text);
        }
        auto transaction = engine_->begin(Access::Read);
        ASSERT_TRUE(transaction.ok());
        transaction_ = *std::move(transaction);
        state_ = engine_->collection(kNs)->shared_state();
    }
    void TearDown() override { transaction_.reset(); }

    std::unique_ptr<IndexCursor> index_cursor(const char* name, Direction direction) {
        auto cursor = IndexCursor::open(*transaction_, *state_->find_index(name), direction);
        EXPECT_TRUE(cursor.ok());
        return *std::move(cursor);
    }
    std::unique_ptr<RecordCursor> record_cursor(Direction direction) {
        auto cursor = RecordCursor::open(*transaction_, *state_, direction);
        EXPECT_TRUE(cursor.ok());
        return *std::move(cursor);
    }

    static std::string key_of(std::int32_t number) {
        bson::KeyString key;
        key.append(bson::Value{number}, bson::Order::Ascending);
        return std::string{key.bytes()};
    }
    static std::string after_key_of(std::int32_t number) { return key_of(number) + '\xFF'; }
    // 0 for "nothing there".
    template <class Entry>
    static std::int64_t id_of(const Result<std::optional<Entry>>& entry) {
        EXPECT_TRUE(entry.ok());
        return entry.ok() && entry->has_value() ? (*entry)->id.number() : 0;
    }

    std::unique_ptr<Transaction> transaction_;
    CollectionStatePtr state_;
};

struct SeekCase {
    const char* what;
    const char* index;
    Direction direction;
    std::int32_t number;
    bool after;
    std::int64_t id;
    std::int64_t next_id;
};

constexpr SeekCase kSeekCases[] = {
    {"forward, present", "a_1", Direction::Forward, 20, false, 2, 3},
    {"forward, absent", "a_1", Direction::Forward, 11, false, 2, 3},
    {"forward, behind a key", "a_1", Direction::Forward, 20, true, 4, 0},
    {"forward, behind all", "a_1", Direction::Forward, 30, true, 0, 0},
    {"forward, before all", "a_1", Direction::Forward, 1, false, 1, 2},
    {"backward, present and included", "a_1", Direction::Backward, 20, true, 3, 2},
    {"backward, present and not included", "a_1", Direction::Backward, 20, false, 1, 0},
    {"backward, absent", "a_1", Direction::Backward, 29, true, 3, 2},
    {"backward, before all", "a_1", Direction::Backward, 10, false, 0, 0},
    {"backward, behind all", "a_1", Direction::Backward, 99, true, 4, 3},
    {"unique forward, present", "u_1", Direction::Forward, 200, false, 2, 3},
    {"unique forward, behind a key", "u_1", Direction::Forward, 200, true, 3, 4},
    {"unique backward, present and included", "u_1", Direction::Backward, 200, true, 2, 1},
    {"unique backward, present and not included", "u_1", Direction::Backward, 200, false, 1, 0},
};

TEST_F(CursorsTest, IndexSeeksFindTheirPlace) {
    for (const SeekCase& test : kSeekCases) {
        SCOPED_TRACE(test.what);
        const auto cursor = index_cursor(test.index, test.direction);
        const std::string position = test.after ? after_key_of(test.number) : key_of(test.number);
        EXPECT_EQ(id_of(cursor->seek(position)), test.id);
        EXPECT_EQ(id_of(cursor->next()), test.next_id);
    }
}

TEST_F(CursorsTest, IndexEntriesDecodeToTheirValues) {
    const auto cursor = index_cursor("u_1", Direction::Forward);
    const auto entry = cursor->next();
    ASSERT_TRUE(entry.ok() && entry->has_value());
    bson::Builder values;
    ASSERT_TRUE(
        bson::decode_key(
            (*entry)->key, (*entry)->type_bits, state_->find_index("u_1")->pattern, {"u"}, values)
            .ok());
    EXPECT_EQ(values.finish().bytes(), json(R"({"u": 100})").bytes());
}

TEST_F(CursorsTest, IndexWalksBothWays) {
    EXPECT_EQ(ids_by_index(kNs, "a_1"), (std::vector<std::int64_t>{1, 2, 3, 4}));
    EXPECT_EQ(ids_by_index(kNs, "a_1", Direction::Backward),
              (std::vector<std::int64_t>{4, 3, 2, 1}));
}

TEST_F(CursorsTest, RecordsWalkAndSeekBothWays) {
    const auto forward = record_cursor(Direction::Forward);
    EXPECT_EQ(id_of(forward->next()), 1);
    EXPECT_EQ(id_of(forward->seek(RecordId{3})), 3);
    EXPECT_EQ(id_of(forward->next()), 4);
    EXPECT_EQ(id_of(forward->next()), 0);
    EXPECT_EQ(id_of(forward->next()), 0);
    EXPECT_EQ(id_of(forward->seek(RecordId{9})), 0);
    EXPECT_EQ(id_of(forward->next()), 0);
    const auto backward = record_cursor(Direction::Backward);
    EXPECT_EQ(id_of(backward->next()), 4);
    EXPECT_EQ(id_of(backward->seek(RecordId{9})), 0);
    EXPECT_EQ(id_of(backward->next()), 4);
    EXPECT_EQ(id_of(backward->seek(RecordId{2})), 2);
    EXPECT_EQ(id_of(backward->next()), 1);
}

TEST_F(CursorsTest, TwoCursorsOnOneTableDoNotDisturbEachOther) {
    const auto first = record_cursor(Direction::Forward);
    const auto second = record_cursor(Direction::Forward);
    EXPECT_EQ(id_of(first->next()), 1);
    EXPECT_EQ(id_of(second->seek(RecordId{3})), 3);
    EXPECT_EQ(id_of(first->next()), 2);
    EXPECT_EQ(id_of(second->next()), 4);
}

TEST_F(CursorsTest, ASavedPlaceIsTakenUpInAnotherTransaction) {
    for (const Direction direction : {Direction::Forward, Direction::Backward}) {
        SCOPED_TRACE(static_cast<int>(direction));
        const bool forward = direction == Direction::Forward;
        auto records = record_cursor(direction);
        auto by_a = index_cursor("a_1", direction);
        auto by_u = index_cursor("u_1", direction);
        for (int step = 0; step < 2; ++step) {
            ASSERT_TRUE(records->next().ok());
            ASSERT_TRUE(by_a->next().ok());
            ASSERT_TRUE(by_u->next().ok());
        }
        records->save();
        by_a->save();
        by_u->save();
        auto other = engine_->begin(Access::Read);
        ASSERT_TRUE(records->restore(**other).ok());
        ASSERT_TRUE(by_a->restore(**other).ok());
        ASSERT_TRUE(by_u->restore(**other).ok());
        const std::int64_t expected = forward ? 3 : 2;
        EXPECT_EQ(id_of(records->next()), expected);
        EXPECT_EQ(id_of(by_a->next()), expected);
        EXPECT_EQ(id_of(by_u->next()), expected);
        records.reset();
        by_a.reset();
        by_u.reset();
    }
}

TEST_F(CursorsTest, ASavedPlaceWhoseEntryIsGoneGoesOnBehindIt) {
    for (const Direction direction : {Direction::Forward, Direction::Backward}) {
        SCOPED_TRACE(static_cast<int>(direction));
        ASSERT_TRUE(transaction_->renew_snapshot().ok());
        auto records = record_cursor(direction);
        auto by_a = index_cursor("a_1", direction);
        const std::int64_t gone = direction == Direction::Forward ? 1 : 4;
        EXPECT_EQ(id_of(records->next()), gone);
        EXPECT_EQ(id_of(by_a->next()), gone);
        records->save();
        by_a->save();
        transaction_->release_snapshot();
        ASSERT_TRUE(remove(kNs, RecordId{gone}).ok());
        ASSERT_TRUE(transaction_->renew_snapshot().ok());
        ASSERT_TRUE(records->restore(*transaction_).ok());
        ASSERT_TRUE(by_a->restore(*transaction_).ok());
        const std::int64_t expected = direction == Direction::Forward ? 2 : 3;
        EXPECT_EQ(id_of(records->next()), expected);
        EXPECT_EQ(id_of(by_a->next()), expected);
    }
}

TEST_F(CursorsTest, ASnapshotDoesNotSeeLaterWritesUntilRenewed) {
    auto records = record_cursor(Direction::Forward);
    must_insert(kNs, R"({"_id": 5, "u": 500})");
    EXPECT_EQ(id_of(records->seek(RecordId{5})), 0);
    records->save();
    ASSERT_TRUE(transaction_->renew_snapshot().ok());
    ASSERT_TRUE(records->restore(*transaction_).ok());
    EXPECT_EQ(id_of(records->seek(RecordId{5})), 5);
}

TEST_F(CursorsTest, RestoringAfterTheFirstArrayKillsThePlan) {
    auto by_a = index_cursor("a_1", Direction::Forward);
    ASSERT_TRUE(by_a->next().ok());
    by_a->save();
    must_insert(kNs, R"({"_id": 5, "a": [1, 2], "u": 500})");
    ASSERT_TRUE(transaction_->renew_snapshot().ok());
    EXPECT_EQ(by_a->restore(*transaction_).error().code(), ErrorCode::QueryPlanKilled);
}

}  // namespace
}  // namespace plumb::storage
