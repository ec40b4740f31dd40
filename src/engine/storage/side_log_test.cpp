// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/connection_internal.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/data_directory_internal.h"
#include "engine/storage/side_log_drain_internal.h"
#include "engine/storage/side_log_internal.h"
#include "engine/storage/tables_internal.h"
#include "engine/storage/test_engine_internal.h"

#include <set>
#include <thread>
#include <utility>

namespace plumb::storage {
namespace {

std::shared_ptr<IndexState> index_state(const IndexSpec& spec, std::uint32_t number) {
    auto index = std::make_shared<IndexState>();
    index->spec = spec;
    index->pattern = *bson::KeyPattern::parse(spec.key.view());
    index->multikey_paths.resize(index->pattern.fields().size());
    index->number = number;
    index->table = table_uri(TableKind::Index, number);
    return index;
}

// A side log over one plain and one unique index, on tables of their own, without an engine.
class SideLogTest : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(prepare_data_directory(directory_.path() / "data").ok());
        auto opened = Connection::open(directory_.path() / "data", 32LL * 1024 * 1024);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        connection_ = *std::move(opened);
        pool_ =
            std::make_unique<SessionPool>(connection_->wt(), faults_, directory_.path() / "data");
        indexes_ = {index_state(index_spec("a_1", R"({"a": 1})"), 20),
                    index_state(unique_spec("u_1", R"({"u": 1})"), 21)};
        auto session = *pool_->take();
        for (const auto& index : indexes_) {
            ASSERT_TRUE(create_table(session->wt(), TableKind::Index, index->table).ok());
        }
        const std::string uri = table_uri(TableKind::SideLog, 22);
        ASSERT_TRUE(create_table(session->wt(), TableKind::SideLog, uri).ok());
        pool_->give_back(std::move(session));
        auto state = std::make_shared<CollectionState>();
        state->indexes = indexes_;
        log_ = std::make_unique<SideLog>(
            22, uri, (*make_write_view(std::move(state), field_equals))->indexes);
        drain_ = std::make_unique<SideLogDrain>(*pool_, gate_, *log_, indexes_);
    }

    void TearDown() override {
        drain_.reset();
        if (pool_ != nullptr) {
            pool_->clear();
        }
    }

    // What a writer does: keys, then a note within its transaction.
    Status note(Transaction& transaction, std::int64_t id, const char* before, const char* after) {
        const bson::Document old_document = json(before != nullptr ? before : "{}");
        const bson::Document new_document = json(after != nullptr ? after : "{}");
        const bson::View old_view = old_document.view();
        const bson::View new_view = new_document.view();
        PLUMB_TRY(made,
                  log_->make(before != nullptr ? &old_view : nullptr,
                             after != nullptr ? &new_view : nullptr));
        return log_->write(transaction.session(), RecordId{id}, made);
    }

    void commit_note(std::int64_t id, const char* before, const char* after) {
        auto transaction = pool_->begin(Access::Write);
        ASSERT_TRUE(transaction.ok());
        const Status noted = note(**transaction, id, before, after);
        ASSERT_TRUE(noted.ok()) << noted.error().message();
        ASSERT_TRUE((*transaction)->commit().ok());
    }

    std::int64_t pass() {
        Interrupt interrupt{clock_};
        const Result<std::int64_t> applied = drain_->pass(interrupt);
        EXPECT_TRUE(applied.ok()) << applied.error().message();
        return applied.ok() ? *applied : -1;
    }

    // The record ids that an index holds, in its order.
    std::vector<std::int64_t> ids(std::size_t place) {
        std::vector<std::int64_t> out;
        auto transaction = *pool_->begin(Access::Read);
        auto cursor = *IndexCursor::open(*transaction, *indexes_[place], Direction::Forward);
        for (auto entry = *cursor->next(); entry.has_value(); entry = *cursor->next()) {
            out.push_back(entry->id.number());
        }
        return out;
    }

    TemporaryDirectory directory_;
    SystemClock clock_;
    FaultPoints faults_;
    CollectionGate gate_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<SessionPool> pool_;
    std::vector<std::shared_ptr<const IndexState>> indexes_;
    std::unique_ptr<SideLog> log_;
    std::unique_ptr<SideLogDrain> drain_;
};

using Ids = std::vector<std::int64_t>;

TEST(SideEntryTest, ComesBackAsItWasWritten) {
    const SideEntry entry{true, 7, RecordId{1LL << 40}, std::string{"k\0ey", 4}, "bits"};
    const auto read = decode_side_entry(encode_side_entry(entry));
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(read->is_insert);
    EXPECT_EQ(read->index, 7U);
    EXPECT_EQ(read->id, entry.id);
    EXPECT_EQ(read->key, entry.key);
    EXPECT_EQ(read->type_bits, entry.type_bits);
}

TEST(SideEntryTest, WhatIsTooShortIsNoEntry) {
    const std::string bytes = encode_side_entry({false, 1, RecordId{1}, "key", ""});
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_side_entry(std::string_view{bytes}.substr(0, length)).has_value());
    }
}

TEST_F(SideLogTest, InsertsChangesAndRemovalsReachTheIndexes) {
    commit_note(1, nullptr, R"({"a": 3, "u": 1})");
    commit_note(2, nullptr, R"({"a": 2, "u": 2})");
    commit_note(3, nullptr, R"({"a": 1, "u": 3})");
    EXPECT_EQ(pass(), 6);
    EXPECT_EQ(ids(0), (Ids{3, 2, 1}));
    commit_note(1, R"({"a": 3, "u": 1})", R"({"a": 0, "u": 1})");
    commit_note(2, R"({"a": 2, "u": 2})", nullptr);
    EXPECT_EQ(pass(), 6);
    EXPECT_EQ(ids(0), (Ids{1, 3}));
    EXPECT_EQ(ids(1), (Ids{1, 3}));
    EXPECT_TRUE(drain_->check_nothing_waits("shop.orders").ok());
    EXPECT_EQ(pass(), 0);
}

TEST_F(SideLogTest, WhatWasRolledBackIsNotApplied) {
    {
        auto transaction = pool_->begin(Access::Write);
        ASSERT_TRUE(note(**transaction, 1, nullptr, R"({"a": 1, "u": 1})").ok());
    }
    EXPECT_EQ(pass(), 0);
    commit_note(2, nullptr, R"({"a": 1, "u": 1})");
    EXPECT_EQ(pass(), 2);
    EXPECT_EQ(ids(1), Ids{2});
}

TEST_F(SideLogTest, AWriterThatCommitsLateIsFoundByTheNextPass) {
    auto slow = pool_->begin(Access::Write);
    ASSERT_TRUE(note(**slow, 1, nullptr, R"({"a": 1, "u": 1})").ok());
    commit_note(2, nullptr, R"({"a": 2, "u": 2})");
    EXPECT_EQ(pass(), 2);
    EXPECT_EQ(ids(0), Ids{2});
    ASSERT_TRUE((*slow)->commit().ok());
    slow->reset();
    EXPECT_EQ(pass(), 2);
    EXPECT_EQ(ids(0), (Ids{1, 2}));
}

TEST_F(SideLogTest, AUniqueKeyWaitsUntilItIsFreed) {
    commit_note(1, nullptr, R"({"a": 1, "u": 5})");
    EXPECT_EQ(pass(), 2);
    // The one who frees the key drew the first number, but commits after the one who takes it.
    auto frees = pool_->begin(Access::Write);
    ASSERT_TRUE(note(**frees, 1, R"({"a": 1, "u": 5})", nullptr).ok());
    commit_note(2, nullptr, R"({"a": 2, "u": 5})");
    EXPECT_EQ(pass(), 2);
    EXPECT_EQ(ids(1), Ids{1});
    const Status waits = drain_->check_nothing_waits("shop.orders");
    EXPECT_EQ(waits.error().code(), ErrorCode::DuplicateKey);
    ASSERT_TRUE((*frees)->commit().ok());
    frees->reset();
    EXPECT_EQ(pass(), 2);
    EXPECT_EQ(ids(1), Ids{2});
    EXPECT_TRUE(drain_->check_nothing_waits("shop.orders").ok());
}

TEST_F(SideLogTest, ParallelArraysAreRefusedAsAfterAndForgivenAsBefore) {
    auto parallel = index_state(index_spec("ab", R"({"a": 1, "b": 1})"), 23);
    auto state = std::make_shared<CollectionState>();
    state->indexes = {parallel};
    SideLog log{24, "table:sidelog-24", (*make_write_view(state, field_equals))->indexes};
    const bson::Document document = json(R"({"a": [1, 2], "b": [1, 2]})");
    const bson::View view = document.view();
    EXPECT_EQ(log.make(nullptr, &view).error().code(), ErrorCode::CannotIndexParallelArrays);
    const auto before = log.make(&view, nullptr);
    ASSERT_TRUE(before.ok());
    EXPECT_TRUE(before->before[0].keys.empty());
}

TEST_F(SideLogTest, RemembersArraysThatWritersMet) {
    commit_note(1, nullptr, R"({"a": [1, 2], "u": 1})");
    IndexState plain = *indexes_[0];
    log_->add_multikey_to(0, plain);
    EXPECT_TRUE(plain.multikey);
    EXPECT_EQ(plain.multikey_paths[0], std::vector<std::uint32_t>{0});
    IndexState unique = *indexes_[1];
    log_->add_multikey_to(1, unique);
    EXPECT_FALSE(unique.multikey);
}

TEST_F(SideLogTest, AnAbandonedLogTakesNotesToNowhere) {
    log_->abandon();
    commit_note(1, nullptr, R"({"a": 1, "u": 1})");
    EXPECT_EQ(pass(), 0);
}

TEST_F(SideLogTest, WritersAndDrainAtOnceEndWithWhatTheWritersLeft) {
    constexpr int kWriters = 3;
    constexpr int kRecordsEach = 60;
    std::atomic<int> running{kWriters};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
        writers.emplace_back([&, writer] {
            for (int record = 0; record < kRecordsEach; ++record) {
                const int id = writer * kRecordsEach + record + 1;
                const std::string number = std::to_string(id);
                const std::string first = R"({"a": 1, "u": )" + number + "}";
                const std::string second = R"({"a": 2, "u": )" + number + "}";
                commit_note(id, nullptr, first.c_str());
                commit_note(id, first.c_str(), second.c_str());
                if (id % 3 == 0) {
                    commit_note(id, second.c_str(), nullptr);
                }
            }
            --running;
        });
    }
    while (running.load() > 0) {
        pass();
    }
    for (std::thread& thread : writers) {
        thread.join();
    }
    pass();
    pass();
    EXPECT_TRUE(drain_->check_nothing_waits("shop.orders").ok());
    std::set<std::int64_t> wanted;
    for (int id = 1; id <= kWriters * kRecordsEach; ++id) {
        if (id % 3 != 0) {
            wanted.insert(id);
        }
    }
    const Ids plain = ids(0);
    const Ids unique = ids(1);
    EXPECT_EQ(std::set<std::int64_t>(plain.begin(), plain.end()), wanted);
    EXPECT_EQ(plain.size(), wanted.size());
    EXPECT_EQ(std::set<std::int64_t>(unique.begin(), unique.end()), wanted);
    EXPECT_EQ(unique.size(), wanted.size());
}

}  // namespace
}  // namespace plumb::storage
