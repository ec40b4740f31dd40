// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/receive_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace plumb::wire {
namespace {

void feed(ReceiveBuffer& buffer, std::string_view bytes, std::size_t wanted) {
    while (!bytes.empty()) {
        const std::span<char> room = buffer.room(wanted);
        ASSERT_GT(room.size(), 0U);
        const std::size_t count = std::min(room.size(), bytes.size());
        std::copy_n(bytes.data(), count, room.data());
        buffer.added(count);
        bytes.remove_prefix(count);
    }
}

TEST(ReceiveBuffer, KeepsWhatFollowsAMessage) {
    ReceiveBuffer buffer;
    feed(buffer, "firstsecond", 5);
    EXPECT_EQ(buffer.filled().substr(0, 5), "first");
    buffer.consume(5);
    EXPECT_EQ(buffer.filled(), "second");
}

TEST(ReceiveBuffer, GrowsOnlyWithBytesThatCome) {
    ReceiveBuffer buffer;
    const std::size_t wanted = 40'000'000;
    EXPECT_EQ(buffer.room(wanted).size(), ReceiveBuffer::kFirstBytes);
    feed(buffer, std::string(ReceiveBuffer::kFirstBytes, 'a'), wanted);
    EXPECT_LE(buffer.room(wanted).size(), 2 * ReceiveBuffer::kFirstBytes);
}

TEST(ReceiveBuffer, HoldsAMessageLargerThanItself) {
    ReceiveBuffer buffer;
    std::string large(3'000'000, 'x');
    large.back() = 'y';
    feed(buffer, large, large.size());
    EXPECT_EQ(buffer.filled(), large);
    buffer.consume(large.size());
    EXPECT_TRUE(buffer.filled().empty());
    EXPECT_EQ(buffer.room(16).size(), ReceiveBuffer::kFirstBytes);
}

TEST(ReceiveBuffer, MovesARestToTheFrontForALongMessage) {
    ReceiveBuffer buffer;
    feed(buffer, std::string(ReceiveBuffer::kFirstBytes - 10, 'a') + "head", 16);
    buffer.consume(ReceiveBuffer::kFirstBytes - 10);
    feed(buffer, std::string(100, 'b'), 104);
    EXPECT_EQ(buffer.filled(), "head" + std::string(100, 'b'));
}

}  // namespace
}  // namespace plumb::wire
