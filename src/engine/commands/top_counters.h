// SPDX-License-Identifier: GPL-3.0-or-later
// How often and how long each collection was used, for the command top.
//
//   top.add("shop.orders", row, duration);
//
// Threads  from any thread: adding to a known name takes a shared lock and two atomic additions.
#pragma once

#include "engine/commands/command.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace plumb::commands {

// The columns of top, in its order.
enum class TopColumn : std::uint8_t {
    Total,
    ReadLock,
    WriteLock,
    Queries,
    GetMore,
    Insert,
    Update,
    Remove,
    Commands,
    kCount,
};
inline constexpr std::size_t kTopColumns = static_cast<std::size_t>(TopColumn::kCount);

struct TopUsage {
    std::int64_t microseconds = 0;
    std::int64_t count = 0;
};
using TopRow = std::array<TopUsage, kTopColumns>;

class TopCounters {
  public:
    void add(std::string_view ns, const CommandRow& row, std::chrono::microseconds duration);
    // The collection was dropped: another of its name begins at zero.
    void forget(std::string_view ns);
    // All names with their usage, sorted; those that `keep` refuses are forgotten.
    [[nodiscard]] std::map<std::string, TopRow> rows(
        const std::function<bool(std::string_view ns)>& keep);

    // Names that are counted; more are not.
    static constexpr std::size_t kNamesMax = 20'000;

  private:
    struct Cell {
        std::atomic<std::int64_t> microseconds{0};
        std::atomic<std::int64_t> count{0};
    };
    using Cells = std::array<Cell, kTopColumns>;
    static void add_to(Cells& cells, const CommandRow& row, std::chrono::microseconds duration);

    mutable std::shared_mutex mutex_;
    std::map<std::string, Cells, std::less<>> usage_;
};

}  // namespace plumb::commands
