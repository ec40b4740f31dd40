// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace plumb {
namespace {

TEST(Arena, KeepsEachPieceApartAndAligned) {
    Arena arena;
    std::vector<std::string_view> pieces;
    for (int i = 0; i < 2000; ++i) {
        pieces.push_back(arena.copy(std::string(static_cast<std::size_t>(i % 97), 'a' + i % 26)));
    }
    for (int i = 0; i < 2000; ++i) {
        const auto& piece = pieces[static_cast<std::size_t>(i)];
        EXPECT_EQ(piece, std::string(static_cast<std::size_t>(i % 97), 'a' + i % 26));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(piece.data()) % 8, 0U);
    }
}

TEST(Arena, GivesAPieceLargerThanItsBlocks) {
    Arena arena;
    const std::string large(3 << 20, 'x');
    EXPECT_EQ(arena.copy(large), large);
}

TEST(Arena, HoldsOneBlockAfterReset) {
    Arena arena;
    (void)arena.allocate(1);
    const std::size_t first = arena.bytes_held();
    (void)arena.allocate(100'000);
    EXPECT_GT(arena.bytes_held(), first);
    arena.reset();
    EXPECT_EQ(arena.bytes_held(), first);
}

}  // namespace
}  // namespace plumb
