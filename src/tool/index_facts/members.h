// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to each member of a deployment, for what every member has on its own: the indexes it
// really holds, and how often it used them.
//
//   PLUMB_TRY(members, reach_members(client, url));
//   for (Member& each : members.asked) { each.client->list_indexes(…); }
//   for (const Unreached& each : members.not_asked) { … }    // a verdict has to say so
//
// Behind a mongos the shards are asked through it (`$indexStats` answers once for each), and the
// members that answer for no shard count as not asked.
//
// Source   MongoDB manual, "hello", "listShards", "Find Inconsistent Indexes Across Shards"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace plumb::index_facts {

enum class Topology : std::uint8_t { Standalone, ReplicaSet, Sharded };

struct Member {
    std::string name;  // host:port
    std::unique_ptr<client::Client> client;
    std::int64_t started_ms = 0;  // when its process began, by its own clock; 0: not told
};

struct Unreached {
    std::string name;
    std::string why;
};

struct Members {
    Topology topology = Topology::Standalone;
    std::vector<Member> asked;  // Sharded: one, the mongos
    std::vector<Unreached> not_asked;
    std::vector<std::string> shards;  // Sharded: their names
};

// Those that the deployment names: hosts, passives and, where replSetGetStatus may be read, hidden
// members; no arbiters. A member that cannot be reached is no error, it is not_asked.
//   errors  what the server says to hello
[[nodiscard]] Result<Members> reach_members(client::Client& client, const std::string& url);

// One member for each url, as if they were a replica set. errors: none for those that do not answer
[[nodiscard]] Members reach_given(std::span<const std::string> urls);

}  // namespace plumb::index_facts
