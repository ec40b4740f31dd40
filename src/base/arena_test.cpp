// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace plumb {
namespace {

std::string piece_number(int i) {
    return std::string(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26));
}

TEST(Arena, KeepsEachPieceApartAndAligned) {
    Arena arena;
    std::vector<std::string_view> pieces;
    pieces.reserve(2000);
    for (int i = 0; i < 2000; ++i) {
        pieces.push_back(arena.copy(piece_number(i)));
    }
    for (int i = 0; i < 2000; ++i) {
        const auto& piece = pieces[static_cast<std::size_t>(i)];
        EXPECT_EQ(piece, piece_number(i));
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
