// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/sample_calls.h"

#include <algorithm>
#include <iterator>

namespace plumb::bench {
namespace {

// How many different targets the writes of a query are spread over.
constexpr std::uint64_t kWriteTargets = 48;

}  // namespace

Result<std::vector<bson::Document>> sample_calls(const workload::Drawer& drawer,
                                                 const workload::Query& query,
                                                 std::uint64_t index) {
    if (!query.writes) {
        return drawer.commands(query, index);
    }
    PLUMB_TRY(fresh, drawer.commands(query, index));
    PLUMB_TRY(again, drawer.commands(query, index % kWriteTargets));
    for (std::size_t position = 0; position < fresh.size(); ++position) {
        if (fresh[position].view().front().name != "insert") {
            fresh[position] = std::move(again[position]);
        }
    }
    return std::move(fresh);
}

Status remember_targets(const workload::Drawer& drawer,
                        const workload::Query& query,
                        WriteGuard& guard) {
    if (!query.writes) {
        return {};
    }
    std::vector<bson::Document> commands;
    for (std::uint64_t index = 0; index < kWriteTargets; ++index) {
        PLUMB_TRY(drawn, sample_calls(drawer, query, index));
        std::move(drawn.begin(), drawn.end(), std::back_inserter(commands));
    }
    return guard.remember(commands);
}

}  // namespace plumb::bench
