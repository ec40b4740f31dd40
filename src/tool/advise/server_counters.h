// SPDX-License-Identifier: GPL-3.0-or-later
// What every member counted of its own since it started: uses of each index, reads and writes of
// each collection, scans of it. They know no queries, but how often something happens.
//
//   PLUMB_TRY(members, index_facts::reach_members(client, url));
//   const auto counters = read_counters(members, "shop", {"orders"});
//   weigh_by_counters(counters, asked);    // calls of a source that knows none, source code
//
// Source   MongoDB manual, "$indexStats", "$collStats": latencyStats (3.4), queryExecStats (4.4)
// Threads  read_counters one thread; the rest pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/advise/advice.h"
#include "tool/index_facts/members.h"
#include "tool/index_facts/usage.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

// Sums over the members that answered; nothing where no server tells.
struct CollectionCounters {
    std::string collection;
    std::optional<std::int64_t> reads;
    std::optional<std::int64_t> writes;
    std::optional<std::int64_t> scans;  // whole collection scans
    index_facts::CollectionUses uses;
    double minutes = 0;  // that the youngest counter covers; 0: not known
};

// Adds what one document of $collStats tells of a member.
void add_collection_stats(bson::View document, CollectionCounters& out);

// Members that do not answer stand in `uses.not_asked`; one that knows no latencyStats only lacks
// them.
[[nodiscard]] std::vector<CollectionCounters> read_counters(
    index_facts::Members& members,
    std::string_view database,
    const std::set<std::string>& collections,
    std::int64_t now_ms);

// Calls a minute for queries whose source knows no time (`labels_without_time`): the reads of a
// collection evenly over its reading queries, its writes over the writing ones. Returns how many
// queries got one.
std::size_t weigh_by_counters(const std::vector<CollectionCounters>& counters,
                              const std::set<std::string>& labels_without_time,
                              std::vector<AskedQuery>& asked);

// {counters: [{collection, reads, writes, collectionScans, minutes, indexes: [{name, members}]}]}
[[nodiscard]] bson::Document to_document(const std::vector<CollectionCounters>& counters);

}  // namespace plumb::advise
