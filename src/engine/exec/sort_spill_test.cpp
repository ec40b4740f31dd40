// SPDX-License-Identifier: GPL-3.0-or-later
// A find that sorts more than its memory: refused, or over files where the command allows them.
#include "base/limits.h"
#include "engine/exec/find.h"
#include "engine/exec/test_database_internal.h"
#include "engine/exec/write.h"

#include <gtest/gtest.h>

#include <vector>

namespace plumb::exec {
namespace {

using testing::json;

// Ten times what a sort may take.
constexpr int kDocuments = 3400;
constexpr std::size_t kPadBytes = 100'000;
static_assert(kDocuments * kPadBytes > 10 * kSortMemoryBytes);

class SortSpill : public ::testing::Test {
  protected:
    void SetUp() override {
        for (int i = 0; i < kDocuments; ++i) {
            bson::Builder document;
            // Keys come four times each, in no order.
            document.append("_id", i).append("k", i * 7919 % kDocuments / 4);
            document.append("pad", std::string(kPadBytes, static_cast<char>('a' + i % 26)));
            const bson::Document made = document.finish();
            Operation running = database_.operation(interrupt_);
            InsertRequest request{.ns = "t.c", .documents = {made.view()}};
            ASSERT_TRUE(insert_documents(running, request).ok());
        }
    }

    Result<std::vector<std::pair<int, int>>> sorted(bool allow_disk_use,
                                                    std::optional<std::int64_t> limit) {
        FindRequest request;
        request.ns = "t.c";
        request.sort = json(R"({"k": 1})");
        request.allow_disk_use = allow_disk_use;
        request.limit = limit;
        operation_.emplace(database_.operation(interrupt_));
        PLUMB_TRY(cursor, open_find(*operation_, std::move(request)));
        std::vector<std::pair<int, int>> out;
        while (true) {
            PLUMB_TRY(document, cursor->next());
            if (!document) {
                return out;
            }
            const int id = document->find("_id").as_int32();
            EXPECT_EQ(document->find("pad").as_string().front(), 'a' + id % 26);
            out.emplace_back(document->find("k").as_int32(), id);
        }
    }

    testing::Database database_;
    Interrupt interrupt_{database_.clock()};
    std::optional<Operation> operation_;
};

TEST_F(SortSpill, IsRefusedWithoutFiles) {
    const auto outcome = sorted(false, std::nullopt);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code(), ErrorCode::OperationFailed);
}

TEST_F(SortSpill, GivesAllInOrderOverFiles) {
    const auto outcome = sorted(true, std::nullopt);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message();
    EXPECT_EQ(outcome->size(), static_cast<std::size_t>(kDocuments));
    // Of equal keys the earlier record comes first.
    EXPECT_TRUE(std::is_sorted(outcome->begin(), outcome->end()));
    EXPECT_TRUE(operation_->statistics.used_disk);
    EXPECT_TRUE(std::filesystem::is_empty(database_.engine().temporary_folder()));

    constexpr std::int64_t kLimit = 1000;
    const auto first = sorted(true, kLimit);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(*first, std::vector(outcome->begin(), outcome->begin() + kLimit));
}

}  // namespace
}  // namespace plumb::exec
