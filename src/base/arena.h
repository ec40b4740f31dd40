// SPDX-License-Identifier: GPL-3.0-or-later
// Memory for one operation: many small pieces, given back all at once.
//
//   Arena arena;
//   std::string_view kept = arena.copy(bytes);   // lives until arena.reset() or its end
//   arena.reset();                               // keeps the first block, so a loop allocates once
//
// Memory   blocks double from 4 KiB to 1 MiB; a larger piece gets a block of its own.
// Threads  one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace plumb {

class Arena {
  public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    Arena(Arena&&) noexcept = default;
    Arena& operator=(Arena&&) noexcept = default;
    ~Arena() = default;

    // `bytes` bytes, aligned to 8; never null, also for 0.
    [[nodiscard]] char* allocate(std::size_t bytes);

    // A copy of `bytes` that lives as long as the arena's content.
    [[nodiscard]] std::string_view copy(std::string_view bytes);

    // Forgets everything; the first block is kept for the next round.
    void reset();

    // Bytes held from the system now, for memory limits.
    [[nodiscard]] std::size_t bytes_held() const { return bytes_held_; }

  private:
    struct Block {
        std::unique_ptr<char[]> memory;
        std::size_t bytes;
    };
    std::vector<Block> blocks_;
    char* next_ = nullptr;
    char* end_ = nullptr;
    std::size_t bytes_held_ = 0;
};

}  // namespace plumb
