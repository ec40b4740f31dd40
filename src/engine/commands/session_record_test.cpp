// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_record.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

const std::string kSession(16, 's');

bson::Document outcome(std::int32_t n) {
    bson::Builder out;
    out.append("n", n);
    return out.finish();
}

TEST(SessionRecord, FindsStatementsInRows) {
    SessionRecord record;
    record.start(3);
    record.add({0, 5, {}});
    record.add({5, 2, {}});
    record.add({9, 1, outcome(1)});
    EXPECT_EQ(record.on_head.size(), 2U) << "neighbours of inserts are one row";
    EXPECT_NE(record.find(6), nullptr);
    EXPECT_EQ(record.find(7), nullptr);
    EXPECT_EQ(record.find(8), nullptr);
    ASSERT_NE(record.find(9), nullptr);
    EXPECT_EQ(record.find(9)->outcome.find("n").as_int32(), 1);
    EXPECT_EQ(record.find(10), nullptr);
    EXPECT_EQ(record.find(-1), nullptr);
}

TEST(SessionRecord, ReadsBackWhatItWrites) {
    SessionRecord record;
    record.start(7);
    record.add({0, 3, {}});
    const DoneStatements more{3, 1, outcome(9)};
    const auto stored =
        read_stored(head_document(kSession, record, &more, std::chrono::milliseconds{1234}));
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->session, kSession);
    EXPECT_EQ(stored->txn_number, 7);
    EXPECT_FALSE(stored->is_page);
    EXPECT_FALSE(stored->committed);
    EXPECT_EQ(stored->last_write.count(), 1234);
    ASSERT_EQ(stored->statements.size(), 2U);
    EXPECT_EQ(stored->statements[0].count, 3);
    EXPECT_EQ(stored->statements[1].outcome.find("n").as_int32(), 9);
    const auto page = read_stored(page_document(kSession, record));
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->is_page);
    EXPECT_EQ(page->txn_number, 7);
}

TEST(SessionRecord, TakesForeignDocumentsForNone) {
    EXPECT_FALSE(read_stored(bson::View{}));
    EXPECT_FALSE(read_stored(outcome(1)));
}

TEST(SessionRecord, AHigherNumberLeavesOldPagesToBeRemoved) {
    SessionRecord record;
    record.start(1);
    record.add({0, 1, outcome(1)});
    record.pages.push_back(storage::RecordId{42});
    record.start(2);
    EXPECT_EQ(record.find(0), nullptr);
    EXPECT_TRUE(record.pages.empty());
    EXPECT_EQ(record.stale_pages.size(), 1U);
}

}  // namespace
}  // namespace plumb::commands
