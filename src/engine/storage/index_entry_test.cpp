// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/index_entry_internal.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>

namespace plumb::storage {
namespace {

// Around every power of two.
std::set<std::int64_t> edge_numbers() {
    std::set<std::int64_t> numbers{1, std::numeric_limits<std::int64_t>::max()};
    for (int bit = 1; bit < 63; ++bit) {
        const std::int64_t power = std::int64_t{1} << bit;
        numbers.insert({power - 1, power, power + 1});
    }
    return numbers;
}

TEST(RecordIdBytes, SortAsTheNumbersAndAreFoundFromBothEnds) {
    std::string last;
    for (const std::int64_t number : edge_numbers()) {
        SCOPED_TRACE(number);
        std::string bytes;
        append_record_id(bytes, RecordId{number});
        EXPECT_LE(bytes.size(), kRecordIdBytesMax);
        EXPECT_LE(static_cast<unsigned char>(bytes[0]), 0x7F);
        EXPECT_LT(last, bytes);
        EXPECT_EQ(read_record_id(bytes).number(), number);
        EXPECT_EQ(leading_id_bytes(bytes + "type bits"), bytes.size());
        EXPECT_EQ(trailing_id_bytes("some key" + bytes), bytes.size());
        last = bytes;
    }
}

TEST(RecordIdBytes, TakeFewForSmallNumbers) {
    std::string bytes;
    append_record_id(bytes, RecordId{500});
    EXPECT_EQ(bytes.size(), 2U);
    bytes.clear();
    append_record_id(bytes, RecordId{1'000'000});
    EXPECT_EQ(bytes.size(), 4U);
}

TEST(RecordIdBytes, AreNotFoundInWhatIsTooShort) {
    EXPECT_EQ(leading_id_bytes(""), 0U);
    EXPECT_EQ(leading_id_bytes("\x30\x01"), 0U);
    EXPECT_EQ(leading_id_bytes("\xFF\x01\x01"), 0U);
    EXPECT_EQ(trailing_id_bytes(""), 0U);
    EXPECT_EQ(trailing_id_bytes("\x01\x07"), 0U);
}

TEST(EntryBytes, ReadBackInBothLayouts) {
    for (const bool unique : {false, true}) {
        SCOPED_TRACE(unique);
        EntryBytes bytes;
        bytes.set(unique, "key", "tb", RecordId{77'777});
        IndexEntry entry;
        ASSERT_TRUE(read_entry(unique, bytes.key, bytes.value, entry));
        EXPECT_EQ(entry.key, "key");
        EXPECT_EQ(entry.type_bits, "tb");
        EXPECT_EQ(entry.id.number(), 77'777);
    }
}

}  // namespace
}  // namespace plumb::storage
