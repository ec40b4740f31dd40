// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/capped.h"

#include "engine/storage/test_engine_internal.h"

#include <atomic>
#include <thread>

namespace plumb::storage {
namespace {

constexpr std::string_view kNs = "shop.events";

class CappedTest : public EngineTest {
  protected:
    void create_capped(std::string_view options) {
        const auto created = engine_->create_collection(kNs, json(options));
        ASSERT_TRUE(created.ok()) << created.error().message();
    }

    std::vector<std::int32_t> numbers() {
        std::vector<std::int32_t> out;
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Read);
        auto cursor = RecordCursor::open(**transaction, collection->state(), Direction::Forward);
        for (;;) {
            auto record = (*cursor)->next();
            EXPECT_TRUE(record.ok());
            if (!record.ok() || !record->has_value()) {
                return out;
            }
            out.push_back((*record)->document.find("n").as_int32());
        }
    }

    Status insert_number(int number) {
        bson::Builder document;
        document.append("_id", number);
        document.append("n", number);
        const bson::Document made = document.finish();
        Interrupt interrupt{clock_};
        return engine_->run_write(Durability::Lazy, interrupt, [&](Transaction& transaction) {
            const auto collection = engine_->collection(kNs);
            const auto id = collection->insert(transaction, made);
            return id.ok() ? Status{} : Status{id.error()};
        });
    }
};

TEST_F(CappedTest, KeepsTheNewestDocumentsUpToMax) {
    create_capped(R"({"capped": true, "size": 100000, "max": 3})");
    for (int number = 0; number < 10; ++number) {
        ASSERT_TRUE(insert_number(number).ok());
    }
    EXPECT_EQ(numbers(), (std::vector<std::int32_t>{7, 8, 9}));
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CappedTest, KeepsTheNewestDocumentsUpToSize) {
    create_capped(R"({"capped": true, "size": 256})");
    for (int number = 0; number < 100; ++number) {
        ASSERT_TRUE(insert_number(number).ok());
    }
    const auto collection = engine_->collection(kNs);
    EXPECT_LE(collection->data_bytes(), 256);
    EXPECT_GT(collection->data_bytes(), 256 - 30);
    EXPECT_EQ(numbers().back(), 99);
    EXPECT_EQ(static_cast<std::int64_t>(numbers().size()), collection->document_count());
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CappedTest, GoesOnWithinItsLimitsAfterAReopen) {
    create_capped(R"({"capped": true, "size": 100000, "max": 5})");
    for (int number = 0; number < 8; ++number) {
        ASSERT_TRUE(insert_number(number).ok());
    }
    open();
    ASSERT_TRUE(insert_number(8).ok());
    EXPECT_EQ(numbers(), (std::vector<std::int32_t>{4, 5, 6, 7, 8}));
}

TEST_F(CappedTest, RollbackBringsBackWhatWasRemoved) {
    create_capped(R"({"capped": true, "size": 100000, "max": 2})");
    ASSERT_TRUE(insert_number(1).ok());
    ASSERT_TRUE(insert_number(2).ok());
    {
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Write);
        ASSERT_TRUE(collection->insert(**transaction, json(R"({"_id": 3, "n": 3})")).ok());
    }
    EXPECT_EQ(numbers(), (std::vector<std::int32_t>{1, 2}));
    ASSERT_TRUE(insert_number(4).ok());
    EXPECT_EQ(numbers(), (std::vector<std::int32_t>{2, 4}));
}

TEST_F(CappedTest, RefusesADocumentLargerThanTheCollection) {
    create_capped(R"({"capped": true, "size": 256})");
    bson::Builder document;
    document.append("_id", 1);
    document.append("text", std::string(300, 'x'));
    const auto refused = insert(kNs, document.finish());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), ErrorCode::BadValue);
}

TEST_F(CappedTest, UpdatesMustKeepTheSize) {
    create_capped(R"({"capped": true, "size": 4096})");
    const RecordId id = must_insert(kNs, R"({"_id": 1, "text": "abc"})");
    EXPECT_TRUE(update(kNs, id, R"({"_id": 1, "text": "xyz"})").ok());
    for (const std::string_view other :
         {R"({"_id": 1, "text": "abcd"})", R"({"_id": 1, "text": ""})"}) {
        const Status refused = update(kNs, id, other);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code(), ErrorCode::CannotGrowDocumentInCappedNamespace);
    }
}

// A reader that goes on behind the last record it saw must in the end have seen every insert that
// it was not too late for, in order.
TEST_F(CappedTest, RecordOrderIsCommitOrder) {
    create_capped(R"({"capped": true, "size": 10000000})");
    constexpr int kThreads = 4;
    constexpr int kEach = 200;
    std::atomic<int> left{kThreads};
    std::vector<std::thread> writers;
    for (int thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([this, thread, &left] {
            for (int number = 0; number < kEach; ++number) {
                EXPECT_TRUE(insert_number(thread * kEach + number).ok());
            }
            --left;
        });
    }
    std::int64_t seen = 0;
    std::int64_t last = 0;
    bool writers_done = false;
    while (true) {
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Read);
        auto cursor = RecordCursor::open(**transaction, collection->state(), Direction::Forward);
        if (last > 0) {
            ASSERT_TRUE((*(*cursor)->seek(RecordId{last})).has_value());
        }
        bool any = false;
        for (;;) {
            auto record = (*cursor)->next();
            ASSERT_TRUE(record.ok());
            if (!record->has_value()) {
                break;
            }
            last = (*record)->id.number();
            ++seen;
            any = true;
        }
        if (writers_done && !any) {
            break;
        }
        writers_done = left == 0;
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(seen, kThreads * kEach);
}

TEST_F(CappedTest, ManyWritersStayWithinTheLimit) {
    create_capped(R"({"capped": true, "size": 100000, "max": 20})");
    std::vector<std::thread> writers;
    for (int thread = 0; thread < 4; ++thread) {
        writers.emplace_back([this, thread] {
            for (int number = 0; number < 100; ++number) {
                EXPECT_TRUE(insert_number(thread * 100 + number).ok());
            }
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    ASSERT_TRUE(insert_number(1000).ok());
    EXPECT_EQ(numbers().size(), 20U);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(CappedTest, NewsWakeAWaiterAndAnInterruptEndsTheWait) {
    create_capped(R"({"capped": true, "size": 4096})");
    const auto news = engine_->collection(kNs)->capped_news();
    ASSERT_NE(news, nullptr);
    Interrupt interrupt{clock_};
    const std::uint64_t seen = news->count();
    EXPECT_FALSE(*news->wait(seen, std::chrono::milliseconds{1}, interrupt));
    std::thread writer{[this] { EXPECT_TRUE(insert_number(1).ok()); }};
    EXPECT_TRUE(*news->wait(seen, std::chrono::minutes{1}, interrupt));
    writer.join();
    interrupt.kill(ErrorCode::Interrupted);
    const auto stopped = news->wait(news->count(), std::chrono::minutes{1}, interrupt);
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code(), ErrorCode::Interrupted);
}

TEST_F(CappedTest, OtherCollectionsHaveNoNews) {
    create("shop.orders");
    EXPECT_EQ(engine_->collection("shop.orders")->capped_news(), nullptr);
}

}  // namespace
}  // namespace plumb::storage
