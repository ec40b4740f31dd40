// SPDX-License-Identifier: GPL-3.0-or-later
// How often each index answered a query: what $indexStats reports.
//
// Threads  from any thread.
#pragma once

#include "base/clock.h"
#include "engine/plan/plan_node.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace plumb::exec {

class IndexUsage {
  public:
    struct Accesses {
        std::int64_t operations = 0;
        bson::Date since;
    };

    // Counts each index of a plan that won, once.
    void count(const storage::CollectionState& collection,
               const plan::PlanNode& plan,
               const Clock& clock);

    // Of one index; counting begins now if it was never asked for.
    [[nodiscard]] Accesses of(const storage::CollectionState& collection,
                              const storage::IndexState& index,
                              const Clock& clock);

  private:
    // Indexes are told apart by the numbers of their collection and table, which are never reused.
    using Key = std::pair<std::uint32_t, std::uint32_t>;
    Accesses& entry(const storage::CollectionState& collection,
                    const storage::IndexState& index,
                    const Clock& clock);

    std::mutex mutex_;  // guards entries_
    std::map<Key, Accesses> entries_;
};

}  // namespace plumb::exec
